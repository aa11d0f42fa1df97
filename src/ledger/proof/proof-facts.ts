// The facts of the proof records of a range, read page by page from one snapshot: whatever changes meanwhile, each schedule of
// the range comes once.
import { and, count, desc, eq, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { ApprovalFacts, Decision } from '../../domain/proof/approval.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import type { ItemFacts } from '../schedules/items.ts';
import { readItemsWhere } from '../schedules/items.ts';
import { reviewLinks } from '../schema/reviews.ts';
import { approvals, schedules } from '../schema/schedules.ts';

export interface ProofRange {
  readonly workspaceId: string;
  readonly from: Date;
  /** The first instant that is not in it. */
  readonly to: Date;
  /** Empty: all of them. */
  readonly platforms: readonly string[];
  readonly accountIds: readonly string[];
}

export interface ProofFacts {
  readonly item: ItemFacts;
  readonly approvals: ApprovalFacts;
}

/** A range as it was at one instant. */
export interface ProofSnapshot {
  count(): Promise<number>;
  /** Pages in the order of the records; every schedule once. */
  pages(size: number): AsyncIterable<readonly ProofFacts[]>;
}

/** Reads a range for as long as `work` takes. Between two pages it must not rest: the database ends who does. */
export function withProofSnapshot<Answer>(
  ledger: Ledger,
  range: ProofRange,
  work: (snapshot: ProofSnapshot) => Promise<Answer>,
): Promise<Answer> {
  const now = ledger.clock.now();
  return ledger.db.transaction(
    (tx) => work({ count: () => countIn(tx, range), pages: (size) => pagesOf(tx, range, now, size) }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function countIn(tx: Tx, range: ProofRange): Promise<number> {
  const [row] = await tx.select({ count: count() }).from(schedules).where(inRange(range));
  return row?.count ?? 0;
}

/** Ids are compared by their bytes, whatever the database's language is, so that anybody can check the order. */
const ID_BYTES = sql`${schedules.id} collate "C"`;
const ORDER = [sql`${schedules.publishAt} asc`, sql`${ID_BYTES} asc`];

async function* pagesOf(tx: Tx, range: ProofRange, now: Date, size: number): AsyncIterable<readonly ProofFacts[]> {
  const read = async (behind?: SQL) => {
    const items = await readItemsWhere(tx, and(inRange(range), behind), ORDER, size);
    return withApprovals(tx, range.workspaceId, items, now);
  };
  for (let page: readonly ProofFacts[] | null = await read(); page !== null; ) {
    const last: ProofFacts | undefined = page.at(-1);
    if (!last) return;
    // The database reads the next page while this one is written.
    const next: Promise<readonly ProofFacts[]> | null = page.length < size ? null : read(isBehind(last));
    const settled = Promise.allSettled([next]);
    try {
      yield page;
    } finally {
      // Who stops reading here ends the transaction, and no query may outlive it.
      await settled;
    }
    page = await next;
  }
}

function isBehind({ item: { schedule } }: ProofFacts): SQL {
  const { publishAt, id } = schedule;
  return sql`(${schedules.publishAt}, ${ID_BYTES}) > (${publishAt.toISOString()}::timestamptz, ${id})`;
}

function inRange({ workspaceId, from, to, platforms, accountIds }: ProofRange): SQL | undefined {
  return and(
    eq(schedules.workspaceId, workspaceId),
    gte(schedules.publishAt, from),
    lt(schedules.publishAt, to),
    platforms.length === 0 ? undefined : inArray(schedules.platform, [...platforms]),
    accountIds.length === 0 ? undefined : inArray(schedules.accountId, [...accountIds]),
  );
}

async function withApprovals(
  tx: Tx,
  workspaceId: string,
  items: readonly ItemFacts[],
  now: Date,
): Promise<readonly ProofFacts[]> {
  const ids = items.map(({ schedule }) => schedule.id);
  const decisions = Map.groupBy(await decisionsOn(tx, workspaceId, ids), ({ scheduleId }) => scheduleId);
  const unanswered = new Set(await unansweredLinks(tx, workspaceId, ids, now));
  return items.map((item) => {
    const { id, fingerprint } = item.schedule;
    const newestFirst = (decisions.get(id) ?? []).map(({ decision }) => decision);
    const newest = newestFirst.find((decision) => decision.fingerprint === fingerprint) ?? null;
    const approval = newestFirst.find(({ verdict }) => verdict === 'approved') ?? null;
    return { item, approvals: { fingerprint, newest, approval, linkExpired: unanswered.has(`${id} ${fingerprint}`) } };
  });
}

async function decisionsOn(
  tx: Tx,
  workspaceId: string,
  ids: readonly string[],
): Promise<{ scheduleId: string; decision: Decision }[]> {
  const rows = await tx
    .select()
    .from(approvals)
    .where(and(eq(approvals.workspaceId, workspaceId), inArray(approvals.scheduleId, [...ids])))
    .orderBy(desc(approvals.decidedAt), desc(approvals.id));
  return rows.map(({ scheduleId, verdict, fingerprint, decidedBy, decidedAt, reviewLinkId }) => ({
    scheduleId,
    decision: { verdict, fingerprint, decidedBy, decidedAt, external: reviewLinkId !== null },
  }));
}

/** Versions that a review link showed until it ended, without an answer. */
async function unansweredLinks(tx: Tx, workspaceId: string, ids: readonly string[], now: Date): Promise<string[]> {
  const rows = await tx
    .select({ scheduleId: reviewLinks.scheduleId, fingerprint: reviewLinks.fingerprint })
    .from(reviewLinks)
    .where(
      and(
        eq(reviewLinks.workspaceId, workspaceId),
        inArray(reviewLinks.scheduleId, [...ids]),
        isNull(reviewLinks.decided),
        isNull(reviewLinks.revokedAt),
        sql`${reviewLinks.expiresAt} <= ${now.toISOString()}::timestamptz`,
      ),
    );
  return rows.map(({ scheduleId, fingerprint }) => `${scheduleId} ${fingerprint}`);
}
