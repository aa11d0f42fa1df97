// The grants that are about to end although nobody is needed to renew them: looked at once a day.
import { and, asc, eq, gt, inArray, isNull, lte, or } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { notificationCursors } from '../schema/notifications.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';

const A_DAY_MS = 24 * 3_600_000;

export interface EndingGrant {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly endsAt: Date;
}

export interface GrantLook {
  readonly workspaceId: string;
  /** Those on which a grant that has ended cannot be renewed. */
  readonly platforms: readonly string[];
  readonly withinMs: number;
  readonly tell: (grant: EndingGrant) => readonly NewDelivery[];
}

/** Tells of grants that end soon, where that was not looked at for a day. */
export async function tellEndingGrants(
  ledger: Ledger,
  { workspaceId, platforms, withinMs, tell }: GrantLook,
): Promise<void> {
  if (platforms.length === 0) return;
  await ledger.db.transaction(async (tx) => {
    const now = ledger.clock.now();
    const { grantsLookedAt } = notificationCursors;
    const due = await tx
      .update(notificationCursors)
      .set({ grantsLookedAt: now })
      .where(
        and(
          eq(notificationCursors.workspaceId, workspaceId),
          or(isNull(grantsLookedAt), lte(grantsLookedAt, new Date(now.getTime() - A_DAY_MS))),
        ),
      )
      .returning({ workspaceId: notificationCursors.workspaceId });
    if (due.length === 0) return;
    const { id, name, platform, grantExpiresAt, deletedAt, status } = connectedAccounts;
    const ending = await tx
      .select({ id, name, platform, endsAt: grantExpiresAt })
      .from(connectedAccounts)
      .where(
        and(
          eq(connectedAccounts.workspaceId, workspaceId),
          isNull(deletedAt),
          eq(status, 'connected'),
          inArray(platform, [...platforms]),
          gt(grantExpiresAt, now),
          lte(grantExpiresAt, new Date(now.getTime() + withinMs)),
        ),
      )
      .orderBy(asc(grantExpiresAt));
    const told = ending.flatMap(({ endsAt, ...account }) => (endsAt ? tell({ ...account, endsAt }) : []));
    await insertDeliveries(tx, workspaceId, told, now);
  });
}
