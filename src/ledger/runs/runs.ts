// Runs as they are taken in, found and started.
import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { inOrder, type PipelineContract } from '../../domain/pipeline/contract.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { hasEnded, RUN_STATES, type RunState } from '../../domain/pipeline/states.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { pipelineVersions, runStages, runs } from '../schema/pipelines.ts';
import { insertArtifacts, type NewArtifact } from './artifacts.ts';
import { HAS_FINDING } from './findings.ts';
import { isRun, type RunRow } from './run-facts.ts';

export interface NewRun extends RunKey {
  readonly workflowId: string;
  readonly contract: PipelineContract;
  /** SHA-256, hex, of the contract's canonical form. */
  readonly version: string;
  readonly takenInAs: string;
  readonly slug: string;
  readonly zone: string;
  readonly title: string | null;
  readonly given: readonly Omit<NewArtifact, 'provenance'>[];
  readonly creator: Actor;
}

/** Stores a run at its first stage; false when its workspace has one of that id, with nothing changed. */
export async function insertRun(ledger: Ledger, wanted: NewRun): Promise<boolean> {
  const { workspaceId, runId, contract, version, given, creator, ...row } = wanted;
  const order = inOrder(contract);
  const [first] = order;
  if (!first) throw new TypeError(`the pipeline ${contract.name} has no stages`);
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    await tx.insert(pipelineVersions).values({ version, contract, firstUsedAt: at }).onConflictDoNothing();
    const traceId = newId();
    const times = { createdAt: at, updatedAt: at };
    const people = { creator, lastActor: creator };
    const inserted = await tx
      .insert(runs)
      .values({
        ...row,
        workspaceId,
        id: runId,
        pipeline: contract.name,
        version,
        state: 'running',
        stageId: first.id,
        traceId,
        ...people,
        ...times,
      })
      .onConflictDoNothing({ target: [runs.workspaceId, runs.id] })
      .returning({ id: runs.id });
    if (inserted.length === 0) return false;
    await tx.insert(runStages).values(
      order.map(({ id }, index) => ({
        workspaceId,
        runId,
        stageId: id,
        place: index + 1,
        state: 'pending' as const,
        updatedAt: at,
      })),
    );
    const provenance = { stage: null, attempt: 0, runner: null, by: creator, inputs: {} };
    await insertArtifacts(
      tx,
      wanted,
      given.map((one) => ({ ...one, provenance })),
      at,
    );
    const payload = { runId, pipeline: contract.name, version, slug: row.slug, zone: row.zone };
    await appendAudit(tx, [{ workspaceId, traceId, type: OTHER_AUDIT.runStarted, actor: creator, payload, at }]);
    return true;
  });
}

/** A run by id, or null when it is not this workspace's. */
export async function findRun({ db }: Ledger, key: RunKey): Promise<RunRow | null> {
  const [row] = await db.select().from(runs).where(isRun(key));
  return row ?? null;
}

/** Those of these runs that are this workspace's. */
export async function findRuns({ db }: Ledger, workspaceId: string, ids: readonly string[]): Promise<RunRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(runs)
    .where(and(eq(runs.workspaceId, workspaceId), inArray(runs.id, [...ids])));
}

export interface RunsWanted {
  readonly workspaceId: string;
  readonly pipeline?: string | undefined;
  readonly state?: RunState | undefined;
  /** Only those of which something stands found wrong since they were published. */
  readonly finding?: boolean | undefined;
  /** Only those taken in before; null: from the newest. */
  readonly before: { readonly createdAt: Date; readonly id: string } | null;
  readonly limit: number;
}

/** One page of runs, the newest first. */
export async function listRuns({ db }: Ledger, wanted: RunsWanted): Promise<RunRow[]> {
  const { workspaceId, pipeline, state, finding, before, limit } = wanted;
  return db
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.workspaceId, workspaceId),
        pipeline === undefined ? undefined : eq(runs.pipeline, pipeline),
        state === undefined ? undefined : eq(runs.state, state),
        finding === true ? HAS_FINDING : undefined,
        before === null
          ? undefined
          : sql`(${runs.createdAt}, ${runs.id}) < (${before.createdAt.toISOString()}::timestamptz, ${before.id})`,
      ),
    )
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(limit);
}

/** Remembers that a workflow was started for the run. */
export async function markRunStarted({ db, clock }: Ledger, key: RunKey): Promise<void> {
  await db
    .update(runs)
    .set({ workflowStartedAt: clock.now() })
    .where(and(isRun(key), isNull(runs.workflowStartedAt)));
}

/** Runs that go on and that no workflow was started for, taken in before. */
export async function unstartedRuns({ db }: Ledger, before: Date, limit: number): Promise<RunRow[]> {
  const open = RUN_STATES.filter((state) => !hasEnded(state));
  return db
    .select()
    .from(runs)
    .where(and(isNull(runs.workflowStartedAt), lt(runs.createdAt, before), sql`${runs.state} in ${open}`))
    .limit(limit);
}

/** Runs that were changed from outside their workflow, which has not been told. */
export async function untoldRuns({ db }: Ledger, limit: number): Promise<RunRow[]> {
  return db.select().from(runs).where(sql`${runs.runToTell}`).limit(limit);
}

/** The workflow was told of everything up to what `row` says. */
export async function markRunTold(
  { db }: Ledger,
  row: Pick<RunRow, 'workspaceId' | 'id' | 'updatedAt'>,
): Promise<void> {
  await db
    .update(runs)
    .set({ runToTell: false })
    .where(and(isRun({ workspaceId: row.workspaceId, runId: row.id }), eq(runs.updatedAt, row.updatedAt)));
}
