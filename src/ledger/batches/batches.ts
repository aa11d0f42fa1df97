// Batches as they are asked for, read and canceled. Lists are in list-batches.ts; their members' verdicts are written in members.ts.
import { and, asc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { type BatchKey, MOST_MEMBERS } from '../../domain/batches/batch.ts';
import { type Turns, takeTurns } from '../../domain/batches/turns.ts';
import type { CauseCode } from '../../domain/causes/causes.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Pace } from '../../domain/schedules/pace.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { isOf } from '../schedules/item-filter.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { batches, batchItems } from '../schema/batches.ts';
import { schedules } from '../schema/schedules.ts';

export type BatchRow = typeof batches.$inferSelect;

export interface BatchWanted {
  readonly workspaceId: string;
  readonly accountId: string;
  readonly cause: CauseCode;
  readonly pace: Pace;
  readonly skipOlder: Date | null;
  readonly note: string | null;
  readonly actor: Actor;
}

/**
 * What a batch came to when it was asked for. `under_way`: all that waits has its turn in another one that has not ended, and
 * nothing was stored; so it is where the same was asked for twice. `too_many`: nothing was stored.
 */
export type BatchAsked =
  | { readonly kind: 'asked'; readonly id: string; readonly members: number; readonly tooOld: number }
  | { readonly kind: 'under_way'; readonly id: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'too_many' };

/**
 * Stores a batch of every failure that stands for the cause now, but for those that wait for their turn in another. What fails
 * later is no part of it.
 */
export async function askBatch(ledger: Ledger, wanted: BatchWanted): Promise<BatchAsked> {
  return ledger.db.transaction(async (tx) => {
    const { workspaceId, accountId, cause } = wanted;
    // Of two that ask at once, the second sees what the first has stored.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`batch/${workspaceId}/${accountId}/${cause}`}, 0))`,
    );
    const now = ledger.clock.now();
    const failures = await failuresOf(tx, wanted);
    const members = failures.filter(({ waitsIn }) => waitsIn === null);
    const [first] = failures;
    if (members.length === 0) return first?.waitsIn ? { kind: 'under_way', id: first.waitsIn } : { kind: 'nothing' };
    if (failures.length > MOST_MEMBERS) return { kind: 'too_many' };
    const { pace, skipOlder } = wanted;
    const turns = takeTurns(members, { pace, skipOlder, now });
    return { kind: 'asked', ...(await store(tx, wanted, turns, now)) };
  });
}

type Member = Awaited<ReturnType<typeof failuresOf>>[number];

async function failuresOf(tx: Tx, { workspaceId, accountId, cause }: BatchWanted) {
  const waitsIn = tx
    .select({ id: batchItems.batchId })
    .from(batchItems)
    .innerJoin(batches, eq(batches.id, batchItems.batchId))
    .where(
      and(
        eq(batchItems.workspaceId, schedules.workspaceId),
        eq(batchItems.scheduleId, schedules.id),
        isNull(batchItems.verdict),
        isNull(batches.endedAt),
      ),
    )
    .limit(1);
  return tx
    .select({
      scheduleId: schedules.id,
      publishAt: schedules.publishAt,
      attempts: schedules.attemptsMade,
      waitsIn: sql<string | null>`(${waitsIn})`,
    })
    .from(schedules)
    .where(and(eq(schedules.workspaceId, workspaceId), isOf({ accountId, cause })))
    .limit(MOST_MEMBERS + 1);
}

async function store(tx: Tx, wanted: BatchWanted, { turns, tooOld }: Turns<Member>, at: Date) {
  const { workspaceId, accountId, cause, pace, skipOlder, note, actor } = wanted;
  const id = newId();
  const members = turns.length + tooOld.length;
  const row = { id, workspaceId, accountId, cause, pace, skipOlder, note, members, askedBy: actor, askedAt: at };
  await tx.insert(batches).values({ ...row, endedAt: turns.length === 0 ? at : null });
  const rows = [
    ...turns.map(({ member, dueAt }) => ({ ...memberOf(member), dueAt })),
    ...tooOld.map((member) => ({ ...memberOf(member), dueAt: at, ...TOO_OLD, answeredAt: at })),
  ].map((member, index) => ({ batchId: id, workspaceId, place: index + 1, ...member }));
  for (let from = 0; from < rows.length; from += PAGE)
    await tx.insert(batchItems).values(rows.slice(from, from + PAGE));
  const payload = { batchId: id, accountId, cause, pace, skipOlder: skipOlder?.toISOString() ?? null, note, members };
  await appendAudit(tx, [{ workspaceId, traceId: id, type: OTHER_AUDIT.batchAsked, actor, payload, at }]);
  return { id, members, tooOld: tooOld.length };
}

/** A statement takes 65,535 values. */
const PAGE = 1_000;
const TOO_OLD = {
  verdict: 'too_old',
  says: 'It was due before the time that was named, so it was left as it is.',
} as const;
const memberOf = ({ scheduleId, attempts }: Member) => ({ scheduleId, attempts });

/** A batch with its account's name, or null when the workspace has none of that id. */
export async function findBatch(
  { db }: Ledger,
  workspaceId: string,
  id: string,
): Promise<{ readonly batch: BatchRow; readonly accountName: string } | null> {
  const [row] = await db
    .select({ batch: batches, accountName: connectedAccounts.name })
    .from(batches)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, batches.accountId))
    .where(and(eq(batches.workspaceId, workspaceId), sql`${batches.id}::text = ${id}`));
  return row ?? null;
}

/** Batches that have not ended though they were asked for before that instant: their workflow may never have started. */
export async function openBatches({ db }: Ledger, before: Date, limit: number): Promise<BatchKey[]> {
  return db
    .select({ batchId: batches.id, workspaceId: batches.workspaceId })
    .from(batches)
    .where(and(isNull(batches.endedAt), lt(batches.askedAt, before)))
    .orderBy(asc(batches.askedAt))
    .limit(limit);
}

/** Cancels what has not had its turn. False when the batch has ended; null when the workspace has none of that id. */
export async function cancelBatch(
  ledger: Ledger,
  { workspaceId, batchId, actor }: BatchKey & { readonly actor: Actor },
): Promise<boolean | null> {
  return ledger.db.transaction(async (tx) => {
    const [batch] = await tx
      .select()
      .from(batches)
      .where(and(eq(batches.workspaceId, workspaceId), sql`${batches.id}::text = ${batchId}`))
      .for('update');
    if (!batch) return null;
    if (batch.endedAt !== null) return false;
    const at = ledger.clock.now();
    const canceled = await tx
      .update(batchItems)
      .set({ verdict: 'canceled', says: `${actor.label} canceled the batch before its turn.`, answeredAt: at })
      .where(and(eq(batchItems.batchId, batch.id), isNull(batchItems.verdict)))
      .returning({ place: batchItems.place });
    await tx.update(batches).set({ canceledAt: at, endedAt: at }).where(eq(batches.id, batch.id));
    const payload = { batchId: batch.id, canceled: canceled.length };
    await appendAudit(tx, [{ workspaceId, traceId: batch.id, type: OTHER_AUDIT.batchCanceled, actor, payload, at }]);
    return true;
  });
}

/** One page of a batch's members with where their publishes stand now, in the order of their turns. */
export async function readMembers(
  { db }: Ledger,
  batchId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
) {
  return db
    .select({ member: batchItems, state: schedules.state })
    .from(batchItems)
    .innerJoin(
      schedules,
      and(eq(schedules.workspaceId, batchItems.workspaceId), eq(schedules.id, batchItems.scheduleId)),
    )
    .where(and(eq(batchItems.batchId, batchId), gt(batchItems.place, after)))
    .orderBy(asc(batchItems.place))
    .limit(limit);
}
