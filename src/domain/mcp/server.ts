// A server of the Model Context Protocol as the settings name it, and how a site publishes through its tools.
import type { ArgumentTemplate } from './template.ts';

/** How it is reached: over Streamable HTTP, or as a program of this machine that is spoken to by its standard input and output. */
export type McpReach =
  | { readonly kind: 'http'; readonly url: string }
  | {
      readonly kind: 'stdio';
      readonly program: string;
      readonly args: readonly string[];
      /** The variables of our environment that it gets, and no other but `PATH`. */
      readonly variables: readonly string[];
    };

/** A tool, and what it is called with. */
export interface ToolTemplate {
  readonly tool: string;
  readonly arguments: ArgumentTemplate;
}

/** Where the facts of a page stand in an answer, as JSON Pointers. */
export interface AnswerShape {
  readonly slug: string;
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly zone?: string | undefined;
  /** A word for whether readers see it, or true and false. */
  readonly status?: string | undefined;
  readonly title?: string | undefined;
  readonly html?: string | undefined;
  readonly canonicalUrl?: string | undefined;
  /** The idempotency key it was made with: whose page it is. */
  readonly key?: string | undefined;
}

export interface ToolPublishing {
  readonly create: ToolTemplate;
  /** Null: the site cannot be asked, and an unknown outcome goes to a person. `found`: a pointer to whether there is a page. */
  readonly lookup: (ToolTemplate & { readonly found: string | null }) | null;
  /** Tried in this order; the first that fits reads the answer. */
  readonly answers: readonly AnswerShape[];
}

export interface McpServerPolicy {
  readonly name: string;
  readonly reach: McpReach;
  /** The variable that holds its token: sent as a bearer token, or handed to its program under this name. */
  readonly secretVariable: string | null;
  /** How long an answer of a tool is awaited; null: as long as any other. */
  readonly timeoutMs: number | null;
  /** By the name of a tool, the digest that it must have; these outrank what was seen when an account was connected. */
  readonly pinnedTools: Readonly<Record<string, string>>;
  /** Null: nothing is published through it. */
  readonly publishing: ToolPublishing | null;
}
