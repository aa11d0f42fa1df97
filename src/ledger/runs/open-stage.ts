// Takes the present stage of a run up: opens an attempt of it, or goes on with one that waited. One at a time, whoever asks.
import { sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { hasEnded } from '../../domain/pipeline/states.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { stageAttempts } from '../schema/pipelines.ts';
import { type ArtifactRow, digestsOf, standingInputs } from './artifacts.ts';
import { endAttempt } from './end-attempt.ts';
import { askedOf, leaveBehind } from './left-behind.ts';
import { moveStage } from './move-stage.ts';
import { lockRun, type RunFacts, runKeyOf } from './run-facts.ts';

/** An attempt of a stage that somebody works on. `fence`: of this taking up, raised by the next. */
export interface StageAttempt {
  readonly stageId: string;
  readonly number: number;
  readonly fence: number;
}

export type StageOpened =
  /** There is no such run in the workspace. */
  | { readonly kind: 'unknown' }
  /** It has ended, waits for a person, or its time has not come. */
  | { readonly kind: 'closed'; readonly facts: RunFacts }
  /** Another worker is at it, and says so; it is dead if it has not said so again by then. */
  | { readonly kind: 'busy'; readonly until: Date }
  | {
      readonly kind: 'open';
      readonly facts: RunFacts;
      readonly attempt: StageAttempt;
      readonly evidence: Readonly<Record<string, unknown>>;
      readonly inputs: ReadonlyMap<string, ArtifactRow>;
    };

export interface StageWanted {
  readonly key: RunKey;
  readonly worker: string;
  /** How long it may be silent before another may take it up. */
  readonly heldMs: number;
}

export async function openStage(ledger: Ledger, wanted: StageWanted): Promise<StageOpened> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, wanted.key);
    if (!facts) return { kind: 'unknown' };
    const now = ledger.clock.now();
    if (!mayGoOn(facts, now)) return { kind: 'closed', facts };
    const held = facts.open && (await stillHeld(tx, facts));
    if (held) return { kind: 'busy', until: held };
    return facts.open ? takeUp(tx, facts, wanted, now) : openNew(tx, facts, wanted, { now, before: [], evidence: {} });
  });
}

function mayGoOn({ run, stage }: RunFacts, now: Date): boolean {
  if (hasEnded(run.state) || stage.state === 'failed' || stage.state === 'blocked') return false;
  return stage.state !== 'pending' || run.wakeAt === null || run.wakeAt <= now;
}

/** Until when the open attempt of a running stage is held, by the database's clock; null: nobody holds it. */
async function stillHeld(tx: Tx, { open, stage }: RunFacts): Promise<Date | null> {
  if (!open || stage.state !== 'running') return null;
  const [row] = await tx.execute<{ held: boolean }>(
    sql`select ${open.heldUntil.toISOString()}::timestamptz > clock_timestamp() as held`,
  );
  return row?.held ? open.heldUntil : null;
}

/** Goes on with an attempt that waited. One whose worker died is over: a new one follows, unless it may have done something once. */
async function takeUp(tx: Tx, facts: RunFacts, wanted: StageWanted, now: Date): Promise<StageOpened> {
  const { stage, open } = facts;
  if (stage.state === 'waiting' && open) return resume(tx, facts, wanted, now);
  const { events, mayHave, asksPerson } = await leaveBehind(tx, facts, now);
  if (asksPerson) {
    const cause = askedOf('The worker that was at it is gone.');
    await endAttempt(tx, facts, { outcome: 'unknown', cause, at: now });
    const event = await moveStage(tx, facts, { event: 'unknown', audit: OTHER_AUDIT.stageBlocked, at: now, cause });
    await appendAudit(tx, [...events, event]);
    return { kind: 'closed', facts };
  }
  await endAttempt(tx, facts, { outcome: mayHave ? 'unknown' : 'interrupted', cause: null, at: now });
  const event = await moveStage(tx, facts, {
    event: 'interrupted',
    audit: OTHER_AUDIT.stageFailed,
    at: now,
    payload: { attempt: open?.number, outcome: mayHave ? 'unknown' : 'interrupted' },
  });
  const pending = { ...facts, open: null, stage: { ...stage, state: 'pending' as const } };
  return openNew(tx, pending, wanted, { now, before: [...events, event], evidence: open?.evidence ?? {} });
}

const heldUntil = (heldMs: number) => sql<Date>`clock_timestamp() + ${heldMs} * interval '1 millisecond'`;

async function resume(tx: Tx, facts: RunFacts, { key, worker, heldMs }: StageWanted, now: Date): Promise<StageOpened> {
  const { open, stage } = facts;
  if (!open) return { kind: 'closed', facts };
  const fence = open.fence + 1;
  await tx
    .update(stageAttempts)
    .set({ worker, fence, heldUntil: heldUntil(heldMs) })
    .where(isAttempt(facts, open.number));
  await moveStage(tx, facts, { event: 'opened', audit: OTHER_AUDIT.stageOpened, at: now, says: stage.says });
  const attempt = { stageId: stage.stageId, number: open.number, fence };
  return {
    kind: 'open',
    facts,
    attempt,
    evidence: open.evidence,
    inputs: await standingInputs(tx, key, facts.spec.inputs),
  };
}

interface Before {
  readonly now: Date;
  /** What is said in the audit trail before the opening. */
  readonly before: readonly AuditEvent[];
  /** What an attempt that was interrupted had found out: nobody asked for another, so what it did once is not done again. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

async function openNew(
  tx: Tx,
  facts: RunFacts,
  { key, worker, heldMs }: StageWanted,
  { now, before, evidence }: Before,
): Promise<StageOpened> {
  const { stage, spec } = facts;
  const number = stage.attempts + 1;
  const inputs = await standingInputs(tx, key, spec.inputs);
  await tx.insert(stageAttempts).values({
    ...runKeyOf(facts.run),
    stageId: stage.stageId,
    number,
    runner: spec.runner,
    worker,
    heldUntil: heldUntil(heldMs),
    startedAt: now,
    inputs: digestsOf(inputs),
    evidence,
  });
  const event = await moveStage(tx, facts, {
    event: 'opened',
    audit: OTHER_AUDIT.stageOpened,
    at: now,
    attempts: number,
    triesInARow: stage.triesInARow + 1,
    payload: { attempt: number },
  });
  await appendAudit(tx, [...before, event]);
  const attempt = { stageId: stage.stageId, number, fence: 1 };
  return { kind: 'open', facts: withTry(facts), attempt, evidence, inputs };
}

/** Opens the stage for whoever hands in what it makes before a worker came to it; answers the run as it stands then. */
export async function openByHand(tx: Tx, facts: RunFacts, now: Date): Promise<RunFacts> {
  const key = runKeyOf(facts.run);
  await openNew(tx, facts, { key, worker: 'by hand', heldMs: 0 }, { now, before: [], evidence: {} });
  return (await lockRun(tx, key)) ?? facts;
}

const withTry = (facts: RunFacts): RunFacts => ({
  ...facts,
  stage: { ...facts.stage, attempts: facts.stage.attempts + 1, triesInARow: facts.stage.triesInARow + 1 },
});

function isAttempt({ run, stage }: RunFacts, number: number) {
  const { workspaceId, runId } = runKeyOf(run);
  return sql`${stageAttempts.workspaceId} = ${workspaceId} and ${stageAttempts.runId} = ${runId}
    and ${stageAttempts.stageId} = ${stage.stageId} and ${stageAttempts.number} = ${number}`;
}

/** Says that an attempt is alive; false: another has taken it up, or it is over. */
export async function holdStage(
  { db }: Ledger,
  { workspaceId, runId }: RunKey,
  { stageId, number, fence }: StageAttempt,
  heldMs: number,
): Promise<boolean> {
  const held = await db
    .update(stageAttempts)
    .set({ heldUntil: heldUntil(heldMs) })
    .where(
      sql`${stageAttempts.workspaceId} = ${workspaceId} and ${stageAttempts.runId} = ${runId} and ${stageAttempts.stageId} = ${stageId}
        and ${stageAttempts.number} = ${number} and ${stageAttempts.fence} = ${fence} and ${stageAttempts.endedAt} is null`,
    )
    .returning({ number: stageAttempts.number });
  return held.length > 0;
}

/** Keeps what an attempt found out, so that a later look at it, or a person, knows. */
export async function keepEvidence(
  { db }: { readonly db: Ledger['db'] | Tx },
  { workspaceId, runId }: RunKey,
  { stageId, number, fence }: StageAttempt,
  evidence: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db
    .update(stageAttempts)
    .set({ evidence: sql`${stageAttempts.evidence} || ${JSON.stringify(evidence)}::text::jsonb` })
    .where(
      sql`${stageAttempts.workspaceId} = ${workspaceId} and ${stageAttempts.runId} = ${runId} and ${stageAttempts.stageId} = ${stageId}
        and ${stageAttempts.number} = ${number} and ${stageAttempts.fence} = ${fence} and ${stageAttempts.endedAt} is null`,
    );
}
