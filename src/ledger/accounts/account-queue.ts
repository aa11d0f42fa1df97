// The queue of publishes that wait for an account. Who is in it waits in its workflow and is called when the account is
// free: the one that was due first, before anybody who came later. Every lock is taken in the ledger's order (audit.ts).
import { sql } from 'drizzle-orm';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { isRunning, STATE_NAMES } from '../../domain/schedules/states.ts';
import { instant } from '../audit/audit-row.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import type { ScheduleRow } from '../schedules/facts.ts';
import { freeFor, leaseIsOver, turnEnd } from './leases.ts';

/** A publish whose turn it is. */
export interface Called extends ScheduleKey {
  readonly workflowId: string;
}

/**
 * Puts the locked schedule into the queue of its account, until it is called or `forMs` have passed. False, with nothing
 * written, when the account is free for it by now.
 */
export async function joinQueue(tx: Tx, schedule: ScheduleRow, now: Date, forMs: number): Promise<boolean> {
  const { workspaceId, id, accountId, publishAt } = schedule;
  const held = await tx.execute(sql`
    update leases set waiting = true
    where account_id = ${accountId}::uuid and not (${freeFor(sql`leases`, sql`${id}::text`)})
    returning account_id`);
  if (held.length === 0) return false;
  const asksAt = new Date(now.getTime() + forMs);
  await tx.execute(sql`
    insert into account_waiters (workspace_id, schedule_id, account_id, due_at, since, asks_at)
    values (${workspaceId}::uuid, ${id}, ${accountId}::uuid, ${instant(publishAt)}, ${instant(now)}, ${instant(asksAt)})
    on conflict (workspace_id, schedule_id) do update
      set account_id = excluded.account_id, since = excluded.since, asks_at = excluded.asks_at, called_at = null`);
  return true;
}

/** Takes the locked schedule out of the queue, if it is in it: it does not want the account any more. */
export async function leaveQueue(tx: Tx, { workspaceId, id, accountId }: ScheduleRow): Promise<void> {
  await tx.execute(sql`
    update leases set turn = '', turn_until = ${turnEnd} where account_id = ${accountId}::uuid and turn = ${id}`);
  await tx.execute(sql`
    delete from account_waiters where workspace_id = ${workspaceId}::uuid and schedule_id = ${id}`);
}

const RUNNING = sql.join(
  STATE_NAMES.filter(isRunning).map((state) => sql`${state}`),
  sql`, `,
);

/**
 * Gives a free account to the next in its queue for a moment, in which nobody else gets it. Null when nobody waits, when
 * it is held, or when it is somebody's turn already.
 */
export function nextInQueue(ledger: Ledger, accountId: string): Promise<Called | null> {
  return ledger.db.transaction(async (tx) => {
    const free = await tx.execute(sql`
      select from leases
      where account_id = ${accountId}::uuid and waiting and ${leaseIsOver}
        and (turn is null or turn = '' or turn_until < clock_timestamp())
      for update`);
    if (free.length === 0) return null;
    // Who was canceled, or lost its workflow, while it waited does not come.
    await tx.execute(sql`
      delete from account_waiters as waiter using schedules
      where waiter.account_id = ${accountId}::uuid and schedules.workspace_id = waiter.workspace_id
        and schedules.id = waiter.schedule_id and schedules.state not in (${RUNNING})`);
    const [next] = await tx.execute<{ workspaceId: string; scheduleId: string; workflowId: string }>(sql`
      update account_waiters as waiter set called_at = clock_timestamp()
      from (
        select schedules.workspace_id, schedules.id, schedules.workflow_id
        from account_waiters join schedules
          on schedules.workspace_id = account_waiters.workspace_id and schedules.id = account_waiters.schedule_id
        where account_waiters.account_id = ${accountId}::uuid
        -- Who was called and did not come stands behind the others.
        order by called_at nulls first, due_at, ticket
        limit 1
      ) as first
      where waiter.workspace_id = first.workspace_id and waiter.schedule_id = first.id
      returning first.workspace_id as "workspaceId", first.id as "scheduleId", first.workflow_id as "workflowId"`);
    await tx.execute(
      next
        ? sql`update leases set turn = ${next.scheduleId}, turn_until = ${turnEnd} where account_id = ${accountId}::uuid`
        : sql`update leases set waiting = false, turn = null, turn_until = null where account_id = ${accountId}::uuid`,
    );
    return next ?? null;
  });
}

/** Takes out of the queue whom nobody can call any more: its workflow is gone. */
export async function dropFromQueue(
  ledger: Ledger,
  accountId: string,
  { workspaceId, scheduleId }: ScheduleKey,
): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    await tx.execute(sql`
      update leases set turn = '', turn_until = ${turnEnd} where account_id = ${accountId}::uuid and turn = ${scheduleId}`);
    await tx.execute(sql`
      delete from account_waiters where workspace_id = ${workspaceId}::uuid and schedule_id = ${scheduleId}`);
  });
}

/** Free accounts with a queue in which it is nobody's turn: whoever should have called the next one is gone. */
export async function standingQueues({ db }: Ledger): Promise<string[]> {
  const rows = await db.execute<{ account: string }>(sql`
    select account_id as account from leases
    where waiting and ${leaseIsOver} and (turn is null or turn_until < clock_timestamp())`);
  return rows.map(({ account }) => account);
}
