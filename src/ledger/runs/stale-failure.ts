// The publish of a run failed, and its destination was asked since: nothing stands there, so that failure stops the run no more.
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import type { ScheduleRow } from '../schedules/facts.ts';
import { runEvent } from './move-stage.ts';
import { keepEvidence, type StageAttempt } from './open-stage.ts';
import { lockRun } from './run-facts.ts';
import { hasAttempt } from './stage-calls.ts';

/** Under this an attempt keeps that it has cleared a failure: it is told once. */
const CLEARED = 'staleFailureCleared';

export interface StaleFailure {
  readonly publish: Pick<ScheduleRow, 'id' | 'state' | 'cause'>;
  /** Who wanted this attempt. */
  readonly actor: Actor;
}

/** Tells it in the audit trail, before the publish is asked to run again; nothing where another has the stage now. */
export async function clearStaleFailure(
  ledger: Ledger,
  key: RunKey,
  attempt: StageAttempt,
  { publish: { id, state, cause }, actor }: StaleFailure,
): Promise<void> {
  if (state !== 'failed') return;
  await ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    if (!hasAttempt(facts, attempt) || facts.open?.evidence[CLEARED] === true) return;
    await keepEvidence({ db: tx }, key, attempt, { [CLEARED]: true });
    const payload = { stage: attempt.stageId, attempt: attempt.number, publish: id, cause: cause?.code ?? null };
    const at = ledger.clock.now();
    await appendAudit(tx, [runEvent(facts, OTHER_AUDIT.staleFailureCleared, at, actor, payload)]);
  });
}
