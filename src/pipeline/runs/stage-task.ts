// What a stage of ours works with: what every runner gets, and the run as the ledger holds it.
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import type { StageAttempt } from '../../ledger/runs/open-stage.ts';
import type { RunFacts } from '../../ledger/runs/run-facts.ts';
import type { StageControl, StageEnd, StageWork } from '../runners/runner.ts';

export interface StageTask {
  readonly key: RunKey;
  readonly facts: RunFacts;
  readonly attempt: StageAttempt;
  /** What earlier looks of the same attempt found out. */
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly work: StageWork;
  /** SHA-256 over what is asked of whoever does it. */
  readonly requestHash: string;
  readonly control: StageControl;
}

/** The subject of crash points in the work on a stage. */
export const pointsAt = ({ runId }: RunKey, { stageId }: Pick<StageAttempt, 'stageId'>): string =>
  `${runId}.${stageId}`;

export type RunTask = (task: StageTask) => Promise<StageEnd>;
