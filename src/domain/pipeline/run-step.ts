// What the workflow of a run is told after each step: where the run stands, and when it goes on.
import type { RunState } from './states.ts';

export interface RunStep {
  readonly state: RunState;
  /** The present stage, and the contract's word for how the run ended, once it has. */
  readonly stageId: string;
  readonly terminal: string | null;
  /** True while the present stage may be worked on now. */
  readonly goesOn: boolean;
  /** ISO instant at which it goes on by itself; null: by a word from outside. */
  readonly wakeAt: string | null;
  /** What the present stage is given, in ms. */
  readonly timeoutMs: number;
  /** Why it stands still, in one sentence; null: it does not. */
  readonly says: string | null;
  /** The code of the cause it stopped for. */
  readonly cause: string | null;
}
