// The grants that are about to end and that no publish will renew: looked at once an hour, since some grants live for two.
import { and, asc, eq, gt, isNull, lte, or } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import type { AccountRow } from '../schedules/facts.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { notificationCursors } from '../schema/notifications.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';

const LOOKED_EVERY_MS = 3_600_000;

export interface EndingGrant {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly endsAt: Date;
}

export interface GrantLook {
  readonly workspaceId: string;
  /** Whether nobody but a person can keep it from ending. */
  readonly endsForGood: (account: AccountRow) => boolean;
  readonly withinMs: number;
  readonly tell: (grant: EndingGrant) => readonly NewDelivery[];
}

/** Tells of grants that end soon, where that was not looked at for an hour. Each is told once. */
export async function tellEndingGrants(
  ledger: Ledger,
  { workspaceId, endsForGood, withinMs, tell }: GrantLook,
): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const now = ledger.clock.now();
    const { grantsLookedAt } = notificationCursors;
    const due = await tx
      .update(notificationCursors)
      .set({ grantsLookedAt: now })
      .where(
        and(
          eq(notificationCursors.workspaceId, workspaceId),
          or(isNull(grantsLookedAt), lte(grantsLookedAt, new Date(now.getTime() - LOOKED_EVERY_MS))),
        ),
      )
      .returning({ workspaceId: notificationCursors.workspaceId });
    if (due.length === 0) return;
    const { grantExpiresAt, deletedAt, status } = connectedAccounts;
    const ending = await tx
      .select()
      .from(connectedAccounts)
      .where(
        and(
          eq(connectedAccounts.workspaceId, workspaceId),
          isNull(deletedAt),
          eq(status, 'connected'),
          gt(grantExpiresAt, now),
          lte(grantExpiresAt, new Date(now.getTime() + withinMs)),
        ),
      )
      .orderBy(asc(grantExpiresAt));
    const told = ending.filter(endsForGood).flatMap(({ id, name, platform, grantExpiresAt: endsAt }) => {
      return endsAt ? tell({ id, name, platform, endsAt }) : [];
    });
    await insertDeliveries(tx, workspaceId, told, now);
  });
}
