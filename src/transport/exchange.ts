// What one exchange can come to, over HTTP or with a tool, told apart by the only thing that matters to us: did bytes leave?

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | string | undefined;
}

/** A complete answer. Header names are lower case; a repeated header is joined by ", ". */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The request provably did not leave: no address, connection refused, TLS refused, or it was held back by the deadline. A call
 * of a tool also where the server cannot be talked to, or where the tool is gone or another than the one that was allowed.
 */
export interface NotSent {
  readonly kind: 'not_sent';
  readonly reason: 'unreachable' | 'deadline_passed' | 'tool_changed';
  readonly detail: string;
}

/** Bytes left, or may have left, and no complete answer came: the outcome is unknown (law 3). */
export interface NoAnswer {
  readonly kind: 'no_answer';
  readonly reason: 'timeout' | 'reset' | 'truncated' | 'oversized';
  readonly detail: string;
}

export type Exchange = HttpAnswer | NotSent | NoAnswer;

/** A call of one tool of an MCP server of the settings. */
export interface ToolCall {
  /** By its name in the settings. */
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The digest that the tool must have; null: whatever it is now. The settings' own outranks it. */
  readonly pin: string | null;
}

/**
 * What the server itself said to a call, whole: the tool's result as it came (`misfit`: why it breaks the tool's own schema or
 * the protocol, else null), or an error of JSON-RPC in the place of one.
 */
export type ToolAnswer = { readonly kind: 'tool_answer' } & (
  | { readonly result: unknown; readonly misfit: string | null }
  | { readonly error: { readonly code: number; readonly message: string } }
);

/** Of a call of a tool; an `answer` is what its HTTP side said in the place of the protocol's own words. */
export type ToolExchange = Exchange | ToolAnswer;

/** The answer's body as UTF-8 text. */
export function bodyText(answer: HttpAnswer): string {
  return new TextDecoder().decode(answer.body);
}

/** The answer's body as JSON of unknown shape, or undefined when it is not JSON. */
export function bodyJson(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(bodyText(answer));
  } catch {
    return undefined;
  }
}
