// What the last morning report of a workspace was about, and the next one's messages: both change together.
import { eq } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import { notificationCursors } from '../schema/notifications.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';

export interface ReportedSpan {
  readonly from: Date;
  readonly until: Date;
}

/** What the last report was about; null when there was none. */
export async function lastReported({ db }: Ledger, workspaceId: string): Promise<ReportedSpan | null> {
  const [row] = await db
    .select({ from: notificationCursors.reportedFrom, until: notificationCursors.reportedUntil })
    .from(notificationCursors)
    .where(eq(notificationCursors.workspaceId, workspaceId));
  return row?.from && row.until ? { from: row.from, until: row.until } : null;
}

export interface ReportToKeep extends ReportedSpan {
  readonly workspaceId: string;
  readonly deliveries: readonly NewDelivery[];
}

/** Queues the report; one that was queued before under the same key changes nothing. */
export async function keepReport(
  ledger: Ledger,
  { workspaceId, from, until, deliveries }: ReportToKeep,
): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const queued = await insertDeliveries(tx, workspaceId, deliveries, ledger.clock.now());
    if (queued === 0) return;
    const span = { reportedFrom: from, reportedUntil: until };
    await tx
      .insert(notificationCursors)
      .values({ workspaceId, position: 0, ...span })
      .onConflictDoUpdate({ target: notificationCursors.workspaceId, set: span });
  });
}
