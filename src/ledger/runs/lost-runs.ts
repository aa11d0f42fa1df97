// Runs whose workflow is gone while they go on, and stages whose publish went live after they had given it up.
import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { hasEnded, RUN_STATES } from '../../domain/pipeline/states.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { runs } from '../schema/pipelines.ts';
import { schedules } from '../schema/schedules.ts';
import { endAttempt } from './end-attempt.ts';
import { askedOf, leaveBehind } from './left-behind.ts';
import { moveStage } from './move-stage.ts';
import { lockRun, type RunFacts, type RunRow } from './run-facts.ts';

/** Of these workflows, those whose run goes on. */
export async function openRunsOf({ db }: Ledger, workflowIds: readonly string[]): Promise<RunRow[]> {
  if (workflowIds.length === 0) return [];
  const open = RUN_STATES.filter((state) => !hasEnded(state));
  return db
    .select()
    .from(runs)
    .where(and(inArray(runs.workflowId, [...workflowIds]), sql`${runs.state} in ${open}`));
}

/** Runs that stopped for their publish, which has gone live since. */
export async function repairedRuns({ db }: Ledger, limit: number): Promise<RunRow[]> {
  return db
    .select(getTableColumns(runs))
    .from(runs)
    .innerJoin(schedules, and(eq(schedules.workspaceId, runs.workspaceId), sql`${schedules.id} = 'run-' || ${runs.id}`))
    .where(and(eq(runs.state, 'failed'), inArray(schedules.state, ['published', 'handoff_completed'])))
    .limit(limit);
}

/** The run stops where it stands, visibly: a person who tries its stage again starts its workflow, too. False: it stood still already. */
export async function markRunLost(ledger: Ledger, key: RunKey, how: string): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    const { stage, run } = facts ?? {};
    if (!facts || !run || hasEnded(run.state) || stage?.state === 'failed' || stage?.state === 'blocked') return false;
    const at = ledger.clock.now();
    const { events, mayHave, asksPerson } = await leaveBehind(tx, facts, at);
    const atWork = facts.open !== null && stage?.state === 'running';
    const lost = { how, at, mayHave: atWork && mayHave };
    await appendAudit(tx, [...events, await (atWork && asksPerson ? stopUnknown : stopFailed)(tx, facts, lost)]);
    return true;
  });
}

interface Lost {
  readonly how: string;
  readonly at: Date;
  /** What was at work may have happened, and may happen still. */
  readonly mayHave: boolean;
}

async function stopFailed(tx: Tx, facts: RunFacts, { how, at, mayHave }: Lost): Promise<AuditEvent> {
  const looks = mayHave ? ' What it does may have happened, which is looked for first.' : '';
  const text = `Its workflow ${how} in Temporal; a new attempt of the stage starts it again.${looks}`;
  const cause = stageCause('fault', text);
  await endAttempt(tx, facts, { outcome: mayHave ? 'unknown' : 'interrupted', cause, at });
  const payload = { attempt: facts.stage.attempts, workflow: how };
  return moveStage(tx, facts, { event: 'failed', audit: OTHER_AUDIT.stageFailed, at, cause, payload });
}

/** Nobody but a person makes another attempt. */
async function stopUnknown(tx: Tx, facts: RunFacts, { how, at }: Lost): Promise<AuditEvent> {
  const cause = askedOf(`Its workflow ${how} in Temporal while the stage was at work.`);
  await endAttempt(tx, facts, { outcome: 'unknown', cause, at });
  const payload = { attempt: facts.stage.attempts, workflow: how };
  return moveStage(tx, facts, { event: 'unknown', audit: OTHER_AUDIT.stageBlocked, at, cause, payload });
}

/** Another attempt of a stage that failed, made by itself: what it failed for is so no more. False: it has moved on. */
export async function retryByItself(ledger: Ledger, key: RunKey): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    if (!facts || hasEnded(facts.run.state) || facts.stage.state !== 'failed') return false;
    const at = ledger.clock.now();
    const event = await moveStage(tx, facts, { event: 'retried', audit: OTHER_AUDIT.stageRetried, at, triesInARow: 0 });
    await appendAudit(tx, [event]);
    return true;
  });
}
