// The turns of a batch's members: whose it is, and what came of it. Each member has one verdict.
import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { BatchKey, MemberVerdict } from '../../domain/batches/batch.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { batches, batchItems } from '../schema/batches.ts';
import { schedules } from '../schema/schedules.ts';

export interface MemberTurn {
  readonly place: number;
  readonly scheduleId: string;
  readonly attempts: number;
  /** How often it was asked before. */
  readonly tries: number;
}

/** The members whose turn it is, in order. */
export async function dueMembers(ledger: Ledger, batchId: string, limit: number): Promise<MemberTurn[]> {
  const { place, scheduleId, attempts, tries, dueAt, verdict } = batchItems;
  return ledger.db
    .select({ place, scheduleId, attempts, tries })
    .from(batchItems)
    .where(and(eq(batchItems.batchId, batchId), isNull(verdict), lte(dueAt, ledger.clock.now())))
    .orderBy(asc(dueAt), asc(place))
    .limit(limit);
}

/** Notes that a member is about to be asked; false when it has its verdict by now. */
export async function noteTry({ db }: Ledger, batchId: string, place: number): Promise<boolean> {
  const noted = await db
    .update(batchItems)
    .set({ tries: sql`${batchItems.tries} + 1` })
    .where(and(isMember(batchId, place), isNull(batchItems.verdict)))
    .returning({ place: batchItems.place });
  return noted.length > 0;
}

export interface MemberAnswer {
  readonly verdict: MemberVerdict;
  readonly reason: string | null;
  readonly says: string;
}

/** Keeps a member's verdict. One that was canceled while it was being asked was asked all the same. */
export async function keepVerdict(ledger: Ledger, batchId: string, place: number, answer: MemberAnswer): Promise<void> {
  const open = or(isNull(batchItems.verdict), eq(batchItems.verdict, 'canceled'));
  await ledger.db
    .update(batchItems)
    .set({ ...answer, answeredAt: ledger.clock.now() })
    .where(and(isMember(batchId, place), open));
}

/** Gives a member another turn. */
export async function putOff({ db }: Ledger, batchId: string, place: number, dueAt: Date): Promise<void> {
  await db
    .update(batchItems)
    .set({ dueAt })
    .where(and(isMember(batchId, place), isNull(batchItems.verdict)));
}

/** When the next member has its turn; null when none waits. */
export async function nextTurn({ db }: Ledger, batchId: string): Promise<Date | null> {
  const [next] = await db
    .select({ dueAt: batchItems.dueAt })
    .from(batchItems)
    .where(and(eq(batchItems.batchId, batchId), isNull(batchItems.verdict)))
    .orderBy(asc(batchItems.dueAt))
    .limit(1);
  return next?.dueAt ?? null;
}

/** How many members have which verdict; without one they wait. */
export async function countVerdicts(
  { db }: Ledger,
  batchId: string,
): Promise<Partial<Record<MemberVerdict | 'waiting', number>>> {
  const verdict = sql<MemberVerdict | 'waiting'>`coalesce(${batchItems.verdict}, 'waiting')`;
  const rows = await db
    .select({ verdict, count: sql<number>`count(*)::int` })
    .from(batchItems)
    .where(eq(batchItems.batchId, batchId))
    .groupBy(verdict);
  return Object.fromEntries(rows.map(({ verdict: name, count }) => [name, count]));
}

/** How many of these schedules are being published, or are about to be. */
export async function countUnderWay({ db }: Ledger, workspaceId: string, ids: readonly string[]): Promise<number> {
  const { id, state } = schedules;
  return db.$count(
    schedules,
    and(eq(schedules.workspaceId, workspaceId), inArray(id, [...ids]), inArray(state, ['queued', 'posting'])),
  );
}

/** Ends a batch of whose members none waits, once. */
export async function endBatch(ledger: Ledger, { workspaceId, batchId }: BatchKey): Promise<void> {
  const counts = await countVerdicts(ledger, batchId);
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const ended = await tx
      .update(batches)
      .set({ endedAt: at })
      .where(and(eq(batches.workspaceId, workspaceId), eq(batches.id, batchId), isNull(batches.endedAt)))
      .returning({ id: batches.id });
    if (ended.length === 0) return;
    const event = { workspaceId, traceId: batchId, type: OTHER_AUDIT.batchEnded, actor: SYSTEM_ACTOR };
    await appendAudit(tx, [{ ...event, payload: { batchId, ...counts }, at }]);
  });
}

function isMember(batchId: string, place: number) {
  return and(eq(batchItems.batchId, batchId), eq(batchItems.place, place));
}
