// What every runner is: it does the work of one attempt of a stage and says how that ended. It opens no attempt and stores nothing;
// the room of runs does both.
import type { StageSpec } from '../../domain/pipeline/contract.ts';
import type { StageCause } from '../../domain/pipeline/stage-causes.ts';
import type { Json } from '../../platforms/sessions.ts';

/** An artifact of the run, or what it was given. */
export interface StageInput {
  readonly name: string;
  readonly mediaType: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  bytes(): Promise<Uint8Array>;
}

/** A file that a stage made. */
export interface MadeFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One attempt of one stage. */
export interface StageWork {
  readonly workspaceId: string;
  readonly runId: string;
  readonly pipeline: string;
  readonly stage: StageSpec;
  /** Counted from 1. */
  readonly attempt: number;
  /** The same for every attempt of this stage on the same inputs: what an idempotent effect is keyed by. */
  readonly key: string;
  readonly slug: string;
  readonly zone: string;
  /** The working title; null: none was given. */
  readonly title: string | null;
  readonly inputs: readonly StageInput[];
}

/**
 * How an attempt ended.
 * - `made`: everything the contract says, or the room of runs calls it a misfit
 * - `waiting`: it goes on by a word from outside, or by itself at `until`
 * - `failed`: nothing took effect outside, or it is known what did; `files` are what is written down of it
 * - `unknown`: it may have taken effect; not repeated before somebody knows
 */
export type StageEnd =
  | {
      readonly kind: 'made';
      readonly files: readonly MadeFile[];
      readonly evidence?: Json | undefined;
      /** The world was so already: nothing was done to bring it about. */
      readonly alreadyTrue?: boolean | undefined;
    }
  | { readonly kind: 'waiting'; readonly says: string; readonly until: Date | null }
  | {
      readonly kind: 'failed';
      readonly cause: StageCause;
      readonly files?: readonly MadeFile[] | undefined;
      /** It may have taken effect all the same, which does no harm: the stage may be run again. */
      readonly mayHave?: boolean | undefined;
    }
  | { readonly kind: 'unknown'; readonly cause: StageCause };

export interface StageControl {
  /** Fires when the attempt must end: its time is over, it was canceled, or the worker stops. Nothing may be left running. */
  readonly signal: AbortSignal;
  /** Asked right before anything takes effect outside: false once the attempt must end, or the call's own time to leave is over. */
  mayLeave(): boolean;
  /** Says that it is alive; call it at least every few seconds in long work. */
  heartbeat(): void;
}

/** Never throws for what the other side does; a fault of ours may be thrown. */
export type Run = (work: StageWork, control: StageControl) => Promise<StageEnd>;
