// The tool calls of the present stage: whoever makes one must still have the attempt, which the run's row says.
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import {
  type CallEnd,
  type CallStanding,
  type CallWanted,
  openCall,
  rememberMiss,
  settleCall,
} from '../tool-calls/tool-calls.ts';
import type { StageAttempt } from './open-stage.ts';
import { lockRun, type RunFacts } from './run-facts.ts';

/** Whether the open attempt of the run's running stage is this one, as it was taken up. */
export function hasAttempt(facts: RunFacts | null, { stageId, number, fence }: StageAttempt): facts is RunFacts {
  if (facts?.stage.state !== 'running' || !facts.open) return false;
  return facts.open.stageId === stageId && facts.open.number === number && facts.open.fence === fence;
}

/** Records that a call is made, if it may be. Null: another has the stage now, so nothing may leave. */
export async function openStageCall(
  ledger: Ledger,
  key: RunKey,
  attempt: StageAttempt,
  wanted: CallWanted,
): Promise<CallStanding | null> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    return hasAttempt(facts, attempt) ? openCall(tx, wanted, ledger.clock.now()) : null;
  });
}

type Named = Pick<CallWanted, 'workspaceId' | 'key'>;

/** Saves what a look found out before anything else follows from it. */
export async function settleStageCall(ledger: Ledger, named: Named, end: CallEnd): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    await appendAudit(tx, await settleCall(tx, named, end, ledger.clock.now()));
  });
}

/** Remembers the first look that counted and found nothing; null: a look before it did not count. */
export async function rememberStageMiss(ledger: Ledger, named: Named, missedAt: Date | null): Promise<void> {
  await ledger.db.transaction((tx) => rememberMiss(tx, named, missedAt));
}
