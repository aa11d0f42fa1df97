// What the rule of a message to a run must know beyond where the run stands: its publish, its post, and what is in their way.
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { scheduleIdOfRun } from '../../domain/pipeline/run-id.ts';
import { isRunning } from '../../domain/schedules/states.ts';
import type { Tx } from '../database/database.ts';
import { OPEN_INTENT } from '../schema/columns.ts';
import { stageAttempts } from '../schema/pipelines.ts';
import { intents, posts, schedules } from '../schema/schedules.ts';
import type { RunFacts } from './run-facts.ts';

/** A publish that may be live, or goes on by itself, does not end with its run. */
export async function publishUnderWay(tx: Tx, { workspaceId, runId }: RunKey): Promise<boolean> {
  const scheduleId = scheduleIdOfRun(runId);
  const open = await tx
    .select({ id: intents.id })
    .from(intents)
    .where(and(eq(intents.workspaceId, workspaceId), eq(intents.scheduleId, scheduleId), OPEN_INTENT));
  if (open.length > 0) return true;
  const [schedule] = await tx
    .select({ state: schedules.state })
    .from(schedules)
    .where(and(eq(schedules.workspaceId, workspaceId), eq(schedules.id, scheduleId)));
  return schedule !== undefined && isRunning(schedule.state);
}

/** Its post is on record as live. */
export async function isLive(tx: Tx, { workspaceId, runId }: RunKey): Promise<boolean> {
  const live = await tx
    .select({ id: posts.id })
    .from(posts)
    .where(and(eq(posts.workspaceId, workspaceId), eq(posts.scheduleId, scheduleIdOfRun(runId))));
  return live.length > 0;
}

const standingSchema = z.object({
  standing: z.object({ kind: z.literal('other'), page: z.object({ id: z.string(), status: z.string() }) }),
});

/** The page that stopped the present stage, as its attempt found it; null: none did. */
export async function pageInTheWay(tx: Tx, { run, stage }: RunFacts) {
  if (stage.cause?.code !== 'content_conflict') return null;
  const [last] = await tx
    .select({ evidence: stageAttempts.evidence })
    .from(stageAttempts)
    .where(
      and(
        eq(stageAttempts.workspaceId, run.workspaceId),
        eq(stageAttempts.runId, run.id),
        eq(stageAttempts.stageId, stage.stageId),
        eq(stageAttempts.number, stage.attempts),
      ),
    );
  return standingSchema.safeParse(last?.evidence).data?.standing.page ?? null;
}
