// The contract of a pipeline: its stages as data (DESIGN section 8). Controller, doors and recovery read this and nothing else; no
// stage name stands in code.

/** Who does the work of a stage. */
export const RUNNERS = ['builtin', 'command', 'http', 'mcp', 'human'] as const;
export type RunnerName = (typeof RUNNERS)[number];

/**
 * What a stage does to the world outside.
 * - `none`: nothing; it may be run again
 * - `idempotent`: a key goes along that makes a second call harmless
 * - `once`: a second call would do it twice; an unknown outcome is looked up, or waits for a person
 */
export const EFFECTS = ['none', 'idempotent', 'once'] as const;
export type Effect = (typeof EFFECTS)[number];

interface Builtin {
  readonly means: string;
  /** What it must be given beside the text it works on. */
  readonly needs: readonly string[];
  /** It works on a text: the newest of its inputs that is Markdown. */
  readonly readsText: boolean;
  /** The media type of the one artifact it makes. */
  readonly makes: string;
}

/** The stages that are our own. */
export const BUILTINS = {
  baseline_review: {
    means: 'checks the draft: its markers, its headings, its length',
    needs: [],
    readsText: true,
    makes: 'application/json',
  },
  text_reconciliation: {
    means: 'takes the markers out: what was made stays, what was not made goes or blocks',
    needs: ['asset-plan.json', 'visual-manifest.json'],
    readsText: true,
    makes: 'text/markdown',
  },
  final_review: {
    means: 'checks what will go out: no marker, no placeholder, every artifact of this run',
    needs: [],
    readsText: true,
    makes: 'application/json',
  },
  approve: {
    means: 'waits for a decision on exactly this content, and asks whether it is live already',
    needs: [],
    readsText: true,
    makes: 'application/json',
  },
  publish: {
    means: 'publishes it to the destination, once',
    needs: [],
    readsText: true,
    makes: 'application/json',
  },
  live_qa: {
    means: 'fetches the public page as a visitor does and checks it',
    needs: [],
    readsText: true,
    makes: 'application/json',
  },
} as const satisfies Record<string, Builtin>;
export type BuiltinName = keyof typeof BUILTINS;
const isBuiltin = (name: string): name is BuiltinName => Object.hasOwn(BUILTINS, name);
export const BUILTIN_NAMES: readonly BuiltinName[] = Object.keys(BUILTINS).filter(isBuiltin);

/** What must hold before a stage begins; one that does not blocks it. */
export const GATES = {
  approved: 'the content that goes out is the content that was approved',
  no_markers: 'no planning marker and no placeholder stands in the text',
  provenance: 'brief, draft, plan, manifest and reviews name each other’s digests',
} as const;
export type GateName = keyof typeof GATES;
const isGate = (name: string): name is GateName => Object.hasOwn(GATES, name);
export const GATE_NAMES: readonly GateName[] = Object.keys(GATES).filter(isGate);

/** A file that a stage makes, or with a name such as `*.png` any number of pictures; its name is unique in the pipeline. */
export interface ArtifactSpec {
  readonly name: string;
  readonly mediaType: string;
  /** JSON Schema (2020-12) that it must fit, where it is JSON and has one. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
}

export interface StageRetry {
  /** Attempts in all that it makes by itself; after the last one a person decides. */
  readonly attempts: number;
  readonly firstMs: number;
  readonly maxMs: number;
}

/** How a tool of an MCP server is called. */
export interface ToolSpec {
  readonly server: string;
  readonly tool: string;
}

/** What the runner of a stage is told beyond what all stages have. */
export type RunnerSpec =
  | { readonly runner: 'builtin'; readonly uses: BuiltinName }
  | {
      readonly runner: 'command';
      /** The program and its arguments; no shell reads them. */
      readonly command: readonly string[];
      /** Variables of the worker's environment that it may see, by name. */
      readonly env: readonly string[];
      readonly maxOutputBytes: number;
      /** Run where an outcome is unknown, as the command itself is. */
      readonly lookup?: readonly string[] | undefined;
    }
  | {
      readonly runner: 'http';
      readonly url: string;
      /** Headers whose values are secrets, by the name of the variable that holds each. */
      readonly secretHeaders: Readonly<Record<string, string>>;
      /** It may lead into a private network. */
      readonly privateAddress: boolean;
      /** Asked where an outcome is unknown. */
      readonly lookupUrl: string | null;
    }
  | ({ readonly runner: 'mcp'; readonly lookup: ToolSpec | null } & ToolSpec)
  | { readonly runner: 'human'; readonly asks: string };

export type StageSpec = RunnerSpec & {
  readonly id: string;
  /** Names of artifacts of earlier stages, or of what the run was given. */
  readonly inputs: readonly string[];
  readonly artifacts: readonly ArtifactSpec[];
  readonly gates: readonly GateName[];
  readonly timeoutMs: number;
  readonly retry: StageRetry;
  readonly effect: Effect;
  /** The stage after it; null: the run ends. */
  readonly next: string | null;
  /** The state in which the run ends after it; null: it goes on. */
  readonly terminal: string | null;
};

/** A stage of one runner. */
export type StageOf<Runner extends RunnerName> = Extract<StageSpec, { readonly runner: Runner }>;

export interface PipelineContract {
  readonly name: string;
  /** The name of the connected account it publishes to; null: it publishes nothing. */
  readonly destination: string | null;
  /** Where readers find a post, by zone: an address with `{slug}` in it. */
  readonly zones: Readonly<Record<string, string>>;
  /** Artifacts that a run is given when it starts. */
  readonly inputs: readonly ArtifactSpec[];
  /** In the order in which they stand in the file; the first is where a run begins. */
  readonly stages: readonly StageSpec[];
}

/** Whether it is on record before it does anything outside: its effect must not happen twice by itself. */
export function keepsCalls({ runner, effect }: StageSpec): boolean {
  return effect !== 'none' && (runner === 'command' || runner === 'http' || runner === 'mcp');
}

/** Whether the other side can be asked if its effect took place. */
export function canLook(stage: StageSpec): boolean {
  switch (stage.runner) {
    case 'command':
      return stage.lookup !== undefined;
    case 'http':
      return stage.lookupUrl !== null;
    case 'mcp':
      return stage.lookup !== null;
    default:
      return false;
  }
}

/** The stage of that id. */
export function stageOf(contract: Pick<PipelineContract, 'stages'>, id: string): StageSpec | undefined {
  return contract.stages.find((stage) => stage.id === id);
}

/** The stages as a run goes through them. Of a contract without faults, every stage is among them. */
export function inOrder({ stages }: Pick<PipelineContract, 'stages'>): readonly StageSpec[] {
  const order: StageSpec[] = [];
  for (let stage = stages[0]; stage && !order.includes(stage); ) {
    order.push(stage);
    const { next } = stage;
    stage = stages.find(({ id }) => id === next);
  }
  return order;
}

/** The sites of its zones, as `https://host:port`. */
export function originsOf({ zones }: Pick<PipelineContract, 'zones'>): ReadonlySet<string> {
  return new Set(Object.values(zones).flatMap((address) => URL.parse(address.replaceAll('{slug}', 'a'))?.origin ?? []));
}

/** Where readers find the post of this slug in this zone. */
export function publicAddress(contract: Pick<PipelineContract, 'zones'>, zone: string, slug: string): string | null {
  const address = Object.hasOwn(contract.zones, zone) ? contract.zones[zone] : undefined;
  return address?.replaceAll('{slug}', slug) ?? null;
}
