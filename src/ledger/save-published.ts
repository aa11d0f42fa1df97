// Saves a live post, with everything that follows from it, in one statement. What the platform has said is true, whoever
// heard it: neither the fence nor a newer attempt can keep a live post out of the ledger.
import { sql } from 'drizzle-orm';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { SCHEDULE_AUDIT } from '../domain/audit.ts';
import { newId } from '../runtime/ids.ts';
import type { LivePost } from './attempt-end.ts';
import { insertAuditRow, instant } from './audit-row.ts';
import type { Ledger } from './ledger.ts';
import type { Attempt } from './open-attempt.ts';

export interface PublishedAttempt {
  readonly scheduleId: string;
  readonly attempt: Attempt;
  /** The create that made it live: the attempt's own, or the open one it reconciled. */
  readonly intentId: string | null;
  readonly post: LivePost;
}

/** Saves the post, or changes nothing when it is on record already. */
export async function savePublished(
  ledger: Ledger,
  { scheduleId, attempt, intentId, post }: PublishedAttempt,
): Promise<void> {
  const now = ledger.clock.now();
  const at = instant(now);
  const { platformPostId, url, evidence } = post;
  const audit = insertAuditRow({
    type: SCHEDULE_AUDIT.published,
    actor: SYSTEM_ACTOR,
    payload: { to: 'published', attempt: attempt.number, platformPostId, url, evidence },
    at: now,
    from: sql`schedule, post`,
  });
  await ledger.db.execute(sql`
    with schedule as (
      select * from schedules where id = ${scheduleId} for update
    ), post as (
      insert into posts (id, schedule_id, account_id, fingerprint, platform_post_id, url, published_at, evidence)
      select ${newId()}::uuid, id, account_id, fingerprint, ${platformPostId}, ${url}, ${at}, ${evidence} from schedule
      on conflict (schedule_id, account_id, fingerprint) do nothing
      returning id
    ), intent as (
      update intents set state = 'live', closed_at = ${at}
      where id = ${intentId}::uuid and state in ('sent', 'unknown') and exists (select from post)
    ), attempt as (
      update attempts set ended_at = ${at}, outcome = 'published'
      where id = ${attempt.id}::uuid and ended_at is null and exists (select from post)
    ), moved as (
      update schedules set state = 'published', wake_at = null, cause = null, failed_at = null, blocked_reason = null,
        unsent_tries = 0, updated_at = ${at}
      where id = ${scheduleId} and exists (select from post)
    ), lease as (
      update leases set holder = ''
      where account_id = (select account_id from schedule) and fence = ${attempt.fence} and exists (select from post)
    )
    ${audit}`);
}
