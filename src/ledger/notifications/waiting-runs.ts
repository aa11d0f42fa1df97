// Runs that go on by nothing but somebody's word, and the reminders of them that are due.
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { type ReminderPace, remindersDue, type WaitingRun } from '../../domain/notifications/waiting-run.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { runStages, runs, stageAttempts } from '../schema/pipelines.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';

export interface WaitingLook {
  readonly workspaceId: string;
  readonly pace: ReminderPace;
  readonly tell: (run: WaitingRun, reminder: { readonly number: number; readonly now: Date }) => readonly NewDelivery[];
}

/** Of each run one reminder at most: what was slept through is not made up for. */
export async function tellWaitingRuns(ledger: Ledger, { workspaceId, pace, tell }: WaitingLook): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const now = ledger.clock.now();
    const told = (await waitingRuns(tx, workspaceId)).flatMap((run) => {
      const number = remindersDue(now.getTime() - run.since.getTime(), pace);
      return number === 0 ? [] : tell(run, { number, now });
    });
    await insertDeliveries(tx, workspaceId, told, now);
  });
}

/** A stage that waits has waited since its attempt began, however often it was looked at; one that stopped, since it did. */
async function waitingRuns(tx: Tx, workspaceId: string): Promise<WaitingRun[]> {
  const rows = await tx
    .select({ run: runs, stage: runStages, begun: stageAttempts.startedAt })
    .from(runs)
    .innerJoin(runStages, and(ofRun(runStages), eq(runStages.stageId, runs.stageId)))
    .leftJoin(stageAttempts, and(ofRun(stageAttempts), isNull(stageAttempts.endedAt)))
    .where(
      and(
        eq(runs.workspaceId, workspaceId),
        sql`${runs.state} in ('waiting', 'failed', 'blocked')`,
        isNull(runs.wakeAt),
      ),
    )
    .orderBy(desc(runs.updatedAt));
  return rows.flatMap(({ run, stage, begun }) => {
    const { state } = run;
    if (state !== 'waiting' && state !== 'failed' && state !== 'blocked') return [];
    const { stageId, attempts: attempt, cause, says, updatedAt } = stage;
    return [
      {
        ...{ runId: run.id, pipeline: run.pipeline, title: run.title ?? run.slug, stageId, attempt, state },
        says: cause?.text ?? says ?? 'It waits.',
        since: state === 'waiting' ? (begun ?? updatedAt) : updatedAt,
        owner: run.owner ?? run.lastActor,
      },
    ];
  });
}

const ofRun = (table: typeof runStages | typeof stageAttempts) =>
  and(eq(table.workspaceId, runs.workspaceId), eq(table.runId, runs.id));
