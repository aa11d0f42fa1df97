// The lease of a connected account: one publish per account at the call, ordered by a fence that only rises.
import { and, eq, sql } from 'drizzle-orm';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { SCHEDULE_AUDIT } from '../domain/audit.ts';
import { insertAuditRow, instant } from './audit-row.ts';
import type { Database, Tx } from './database.ts';
import type { Ledger } from './ledger.ts';
import { leases } from './schema/accounts.ts';

/** Another publish holds the account; nothing was changed. The attempt asks again shortly. */
export class AccountBusy extends Error {
  override readonly name = 'AccountBusy';
}

export interface LeaseWanted {
  readonly scheduleId: string;
  readonly accountId: string;
  readonly worker: string;
  readonly now: Date;
  readonly attempt: { readonly id: string; readonly number: number };
}

/**
 * Takes the account for a schedule whose row is locked, and starts the attempt with the new fence, in one statement.
 * Free, expired, or held for the same schedule (whose earlier attempt is then a zombie that its fence stops): taken at
 * once. @throws AccountBusy, with nothing written
 */
export async function takeLease(tx: Tx, ledger: Ledger, wanted: LeaseWanted): Promise<number> {
  const { scheduleId, accountId, worker, now, attempt } = wanted;
  const until = sql`clock_timestamp() + ${`${ledger.leaseMs} milliseconds`}::interval`;
  const audit = insertAuditRow({
    type: SCHEDULE_AUDIT.attempt_started,
    actor: SYSTEM_ACTOR,
    payload: { to: 'posting', attempt: attempt.number, worker },
    at: now,
    from: sql`schedules as schedule, lease where schedule.id = ${scheduleId}`,
  });
  const taken = await tx.execute<{ fence: number }>(sql`
    with lease as (
      insert into leases as known (account_id, holder, fence, expires_at) values (${accountId}::uuid, ${scheduleId}, 1, ${until})
      on conflict (account_id) do update set holder = excluded.holder, fence = known.fence + 1, expires_at = excluded.expires_at
      where known.expires_at < clock_timestamp() or known.holder in ('', excluded.holder)
      returning fence
    ), attempt as (
      insert into attempts (id, schedule_id, number, fence, worker, started_at)
      select ${attempt.id}::uuid, ${scheduleId}, ${attempt.number}, fence, ${worker}, ${instant(now)} from lease
    ), moved as (
      update schedules set state = 'posting', wake_at = null, blocked_reason = null, attempts_made = ${attempt.number},
        updated_at = ${instant(now)}
      where id = ${scheduleId} and exists (select from lease)
    )
    ${audit}, (select fence from lease) as fence`);
  const [row] = taken;
  if (!row) throw new AccountBusy(`Account ${accountId} is held by another publish.`);
  return row.fence;
}

/** Prolongs a lease; false when another attempt has taken it since. */
export async function renewLease(ledger: Ledger, accountId: string, fence: number): Promise<boolean> {
  const renewed = await ledger.db
    .update(leases)
    .set({ expiresAt: sql`clock_timestamp() + ${`${ledger.leaseMs} milliseconds`}::interval` })
    .where(and(eq(leases.accountId, accountId), eq(leases.fence, fence)))
    .returning({ fence: leases.fence });
  return renewed.length === 1;
}

/** Gives the account back; without effect when the fence is no longer the newest. */
export async function releaseLease(tx: Tx | Database, accountId: string, fence: number): Promise<void> {
  await tx
    .update(leases)
    .set({ holder: '' })
    .where(and(eq(leases.accountId, accountId), eq(leases.fence, fence)));
}
