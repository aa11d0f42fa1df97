// What re-checks of runs show: the newest looks of one run, and what stands found wrong.
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { memberships } from '../schema/people.ts';
import { runs } from '../schema/pipelines.ts';
import { runRechecks } from '../schema/rechecks.ts';
import type { RecheckRow } from './rechecks.ts';

/** The newest first. */
export async function rechecksOf(
  db: Database | Tx,
  { workspaceId, runId }: RunKey,
  limit: number,
): Promise<RecheckRow[]> {
  return db
    .select()
    .from(runRechecks)
    .where(and(eq(runRechecks.workspaceId, workspaceId), eq(runRechecks.runId, runId)))
    .orderBy(desc(runRechecks.askedAt), desc(runRechecks.id))
    .limit(limit);
}

export interface StandingFinding {
  readonly recheck: RecheckRow;
  /** Whoever did something to the run last is a member of the workspace today. */
  readonly lastActorExists: boolean;
}

/** What stands found wrong of these runs, by the run's id. */
export async function findingsOf(
  { db }: Pick<Ledger, 'db'>,
  workspaceId: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, StandingFinding>> {
  if (runIds.length === 0) return new Map();
  const rows = await db
    .select({ recheck: runRechecks, lastActorExists: LAST_ACTOR_EXISTS })
    .from(runRechecks)
    .innerJoin(runs, and(eq(runs.workspaceId, runRechecks.workspaceId), eq(runs.id, runRechecks.runId)))
    .where(
      and(
        eq(runRechecks.workspaceId, workspaceId),
        inArray(runRechecks.runId, [...runIds]),
        sql`${runRechecks.stands}`,
      ),
    );
  return new Map(rows.map((row) => [row.recheck.runId, row]));
}

/** How many runs of the workspace have one. */
export async function countFindings({ db }: Ledger, workspaceId: string): Promise<number> {
  return db.$count(runRechecks, and(eq(runRechecks.workspaceId, workspaceId), sql`${runRechecks.stands}`));
}

/** Of a run's row: something stands found wrong. */
export const HAS_FINDING: SQL = sql`exists (select from ${runRechecks}
  where ${runRechecks.workspaceId} = ${runs.workspaceId} and ${runRechecks.runId} = ${runs.id} and ${runRechecks.stands})`;

const LAST_ACTOR_EXISTS = sql<boolean>`exists (select from ${memberships}
  where ${memberships.workspaceId} = ${runs.workspaceId} and ${memberships.userId}::text = ${runs.lastActor} ->> 'id')`;
