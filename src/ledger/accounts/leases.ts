// The lease of a connected account: one publish or renewal per account at a time, ordered by a fence that only rises.
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { SCHEDULE_AUDIT } from '../../domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { newId } from '../../runtime/ids.ts';
import { insertAuditRow, instant } from '../audit/audit-row.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { leases } from '../schema/accounts.ts';

export interface LeaseWanted {
  readonly schedule: ScheduleKey;
  /** The schedule's row as it was seen without a lock; null when the caller has locked it. */
  readonly version: string | null;
  readonly worker: string;
  readonly now: Date;
  readonly attempt: { readonly id: string; readonly number: number };
}

/**
 * Takes the account of a schedule and starts the attempt with the new fence, in one statement. Free, expired, or held for
 * the same schedule (whose earlier attempt is then a zombie that its fence stops): taken at once. Answers the fence; null,
 * with nothing written, when another publish holds the account or the schedule is not any more as it was seen.
 */
export async function takeLease(on: Tx | Database, ledger: Ledger, wanted: LeaseWanted): Promise<number | null> {
  const { version, worker, now, attempt } = wanted;
  const { workspaceId, scheduleId } = wanted.schedule;
  const audit = insertAuditRow({
    type: SCHEDULE_AUDIT.attempt_started,
    actor: SYSTEM_ACTOR,
    payload: { to: 'posting', attempt: attempt.number, worker },
    at: now,
    // Everything that another publish may want as well is locked before the head of the audit trail: see audit.ts.
    from: sql`schedule, lease, (select count(*) from waited) as left_queue`,
  });
  const [taken] = await on.execute<{ fence: number }>(sql`
    with schedule as (
      select * from schedules
      where workspace_id = ${workspaceId} and id = ${scheduleId} and coalesce(xmin::text = ${version}::text, true)
      for update
    ), lease as (
      ${claim(ledger, sql`select account_id, id from schedule`)}
    ), attempt as (
      insert into attempts (id, workspace_id, schedule_id, number, fence, worker, started_at)
      select ${attempt.id}::uuid, ${workspaceId}::uuid, ${scheduleId}, ${attempt.number}, fence, ${worker}, ${instant(now)} from lease
    ), moved as (
      update schedules set state = 'posting', wake_at = null, blocked_reason = null, attempts_made = ${attempt.number},
        updated_at = ${instant(now)}
      where workspace_id = ${workspaceId} and id = ${scheduleId} and exists (select from lease)
    ), waited as (
      delete from account_waiters
      where workspace_id = ${workspaceId} and schedule_id = ${scheduleId} and exists (select from lease)
      returning ticket
    )
    ${audit}, (select fence from lease) as fence`);
  return taken?.fence ?? null;
}

/** Takes the account of a locked schedule before anything else is written; its attempt takes it once more. */
export async function claimFirst(
  tx: Tx,
  ledger: Ledger,
  { id, accountId }: { readonly id: string; readonly accountId: string },
): Promise<boolean> {
  const taken = await tx.execute(claim(ledger, sql`select ${accountId}::uuid, ${id}::text`));
  return taken.length === 1;
}

/** Takes the account for a renewal of its grant, while nobody publishes to it. Answers the fence, or null. */
export async function takeForRenewal(tx: Tx, ledger: Ledger, accountId: string): Promise<number | null> {
  const [taken] = await tx.execute<{ fence: number }>(
    claim(ledger, sql`select ${accountId}::uuid, ${`renewal/${newId()}`}`),
  );
  return taken?.fence ?? null;
}

/** Claims the account of the one row (account, holder) that `wanted` answers, if it is free; returns the new fence. */
function claim(ledger: Ledger, wanted: SQL): SQL {
  return sql`
      insert into leases as known (account_id, holder, fence, expires_at)
      select wanted.*, 1, ${leaseEnd(ledger)} from (${wanted}) as wanted
      on conflict (account_id) do update set holder = excluded.holder, fence = known.fence + 1,
        expires_at = excluded.expires_at, turn = null, turn_until = null
      where ${freeFor(sql`known`, sql`excluded.holder`)}
      returning fence`;
}

/**
 * Whether an account can be taken by a holder: nobody else holds it, and it is nobody else's turn. Who has waited in its
 * queue is not overtaken by who comes later.
 */
export function freeFor(lease: SQL, holder: SQL): SQL {
  return sql`(${lease}.expires_at < clock_timestamp() or ${lease}.holder in ('', ${holder}))
    and (${lease}.turn is null or ${lease}.turn = ${holder} or ${lease}.holder = ${holder}
      or ${lease}.turn_until < clock_timestamp())`;
}

/** Nobody holds the account. */
export const leaseIsOver = sql`(holder = '' or expires_at < clock_timestamp())`;

/** So long a free account is kept for the one whose turn it is. */
const TURN_MS = 5_000;
export const turnEnd = sql`clock_timestamp() + ${`${TURN_MS} milliseconds`}::interval`;

/** What gives a lease back. Where publishes wait, the account is free for nobody before one of them is called. */
export const givenBack = sql`holder = '', turn = case when waiting then '' end,
  turn_until = case when waiting then ${turnEnd} end`;

function leaseEnd(ledger: Ledger): SQL {
  return sql`clock_timestamp() + ${`${ledger.leaseMs} milliseconds`}::interval`;
}

/** Prolongs a lease; false when another attempt has taken it since. */
export async function renewLease(ledger: Ledger, accountId: string, fence: number): Promise<boolean> {
  const renewed = await ledger.db
    .update(leases)
    .set({ expiresAt: leaseEnd(ledger) })
    .where(and(eq(leases.accountId, accountId), eq(leases.fence, fence)))
    .returning({ fence: leases.fence });
  return renewed.length === 1;
}

/** Gives the account back; without effect when the fence is no longer the newest. */
export async function releaseLease(tx: Tx | Database, accountId: string, fence: number): Promise<void> {
  await tx.execute(sql`
    update leases set ${givenBack} where account_id = ${accountId}::uuid and fence = ${fence}`);
}
