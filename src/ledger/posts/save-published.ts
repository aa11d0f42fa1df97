// Saves a live post, with everything that follows from it, in one statement. What the platform has said is true, whoever
// heard it: neither the fence nor a newer attempt can keep a live post out of the ledger.
import { and, eq, isNull, sql } from 'drizzle-orm';
import { SCHEDULE_AUDIT } from '../../domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { CallAnswer } from '../../domain/schedules/create-record.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { newId } from '../../runtime/ids.ts';
import { givenBack, releaseLease } from '../accounts/leases.ts';
import { raiseAlarm } from '../alarms/raise.ts';
import type { LivePost } from '../attempts/attempt-end.ts';
import { lateAnswer, secondPost } from '../attempts/late-answer.ts';
import type { Attempt } from '../attempts/open-attempt.ts';
import { appendAudit, seenLeak } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import { insertAuditRow, instant, json } from '../audit/audit-row.ts';
import { type Leak, masked } from '../audit/leaks.ts';
import { keepAnswer } from '../intents/keep-answer.ts';
import type { Ledger } from '../ledger.ts';
import { belongsTo, isSchedule } from '../schema/keys.ts';
import { attempts, posts, schedules } from '../schema/schedules.ts';

export interface PublishedAttempt {
  readonly schedule: ScheduleKey;
  readonly attempt: Attempt;
  /** The create that made it live: the attempt's own, or the open one it reconciled. */
  readonly intentId: string | null;
  readonly post: LivePost;
  /** What came back on the create of this very attempt; null: the post was found. */
  readonly answer: CallAnswer | null;
}

/** The platform names a post that the ledger gives to another schedule. One of the two is mistaken: a person looks. */
export class PostClaimed extends Error {
  override readonly name = 'PostClaimed';
  constructor(platformPostId: string) {
    super(`The platform calls it live as ${platformPostId}, which is on record as the post of another schedule.`);
  }
}

/** How a live post met the ledger. `second`: another post of this schedule is on record already. */
export type Saved = 'first' | 'known' | 'second';

/** Saves the post with the end of its attempt. @throws PostClaimed, with nothing changed */
export async function savePublished(ledger: Ledger, published: PublishedAttempt): Promise<Saved> {
  return (await savedFirst(ledger, published)) ? 'first' : savedBefore(ledger, published);
}

/** False when the post, or this schedule's, is on record already; then nothing was changed. */
async function savedFirst(ledger: Ledger, published: PublishedAttempt): Promise<boolean> {
  const { schedule, attempt, intentId, post, answer } = published;
  const { workspaceId, scheduleId } = schedule;
  const now = ledger.clock.now();
  const at = instant(now);
  const { platformPostId, url, evidence } = post;
  // The one record of a statement that holds words of a platform.
  const { payload, leaks } = await masked({ to: 'published', attempt: attempt.number, platformPostId, url, evidence });
  const audit = insertAuditRow({
    type: SCHEDULE_AUDIT.published,
    actor: SYSTEM_ACTOR,
    payload,
    at: now,
    // The lease is given back before the head of the audit trail is taken: see audit.ts.
    from: sql`schedule, post, (select count(*) from lease) as given_back`,
  });
  const written = await ledger.db.execute(sql`
    with schedule as (
      select * from schedules where workspace_id = ${workspaceId} and id = ${scheduleId} for update
    ), post as (
      insert into posts (id, workspace_id, schedule_id, account_id, fingerprint, platform_post_id, url, published_at, evidence)
      select ${newId()}::uuid, workspace_id, id, account_id, fingerprint, ${platformPostId}, ${url}, ${at}, ${evidence} from schedule
      on conflict do nothing
      returning id
    ), intent as (
      update intents set state = 'live', closed_at = ${at}, answer = ${answer ? json(answer) : sql`answer`}
      where id = ${intentId}::uuid and state <> 'live' and exists (select from post)
    ), attempt as (
      update attempts set ended_at = ${at}, outcome = 'published'
      where id = ${attempt.id}::uuid and ended_at is null and exists (select from post)
    ), moved as (
      update schedules set state = 'published', wake_at = null, cause = null, failed_at = null, blocked_reason = null,
        unsent_tries = 0, updated_at = ${at}
      where workspace_id = ${workspaceId} and id = ${scheduleId} and exists (select from post)
    ), lease as (
      update leases set ${givenBack}
      where account_id = (select account_id from schedule) and fence = ${attempt.fence} and exists (select from post)
      returning fence
    )
    ${audit}`);
  if (written.length === 1 && leaks.length > 0) await tellLeaks(ledger, schedule, now, leaks);
  return written.length === 1;
}

async function tellLeaks(ledger: Ledger, key: ScheduleKey, at: Date, leaks: readonly Leak[]): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const [schedule] = await tx.select({ traceId: schedules.traceId }).from(schedules).where(isSchedule(key));
    if (!schedule) return;
    const about = { workspaceId: key.workspaceId, traceId: schedule.traceId, type: SCHEDULE_AUDIT.published, at };
    const told: AuditEvent[] = [];
    for (const leak of leaks) told.push(...(await raiseAlarm(tx, seenLeak(about, leak))));
    await appendAudit(tx, told);
  });
}

/** Another attempt, or a save whose answer was lost, was first: this attempt ends too, and says so where it is news. */
async function savedBefore(ledger: Ledger, published: PublishedAttempt): Promise<Saved> {
  const { schedule: key, attempt, post } = published;
  return ledger.db.transaction(async (tx) => {
    const [schedule] = await tx.select().from(schedules).where(isSchedule(key)).for('update');
    if (!schedule) return 'known';
    const [known] = await tx.select().from(posts).where(belongsTo(posts, key));
    if (!known) throw new PostClaimed(post.platformPostId);
    const at = ledger.clock.now();
    await keepAnswer(tx, published);
    const ended = await tx
      .update(attempts)
      .set({ endedAt: at, outcome: 'published' })
      .where(and(eq(attempts.id, attempt.id), isNull(attempts.endedAt)))
      .returning({ id: attempts.id });
    await releaseLease(tx, schedule.accountId, attempt.fence);
    const { platformPostId } = post;
    const learned = { attempt: attempt.number, outcome: 'published', platformPostId } as const;
    // What a person typed may be the same post under another name.
    if (known.platformPostId !== platformPostId && known.evidence !== 'resolved_by_person') {
      await appendAudit(tx, [secondPost(schedule, { ...learned, recorded: known.platformPostId }, at)]);
      return 'second';
    }
    if (ended.length > 0 || known.platformPostId !== platformPostId)
      await appendAudit(tx, [lateAnswer(schedule, learned, at)]);
    return 'known';
  });
}
