// What becomes of an open intent, and the remote ids that the preparation saved beside it.
import { and, eq, isNotNull, min, notInArray, or, sql } from 'drizzle-orm';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { OTHER_AUDIT } from '../domain/audit.ts';
import { appendAudit } from './audit.ts';
import { AttemptSuperseded } from './commit-intent.ts';
import type { IntentRow, ScheduleRow } from './facts.ts';
import type { Ledger } from './ledger.ts';
import { OPEN_INTENT } from './schema/columns.ts';
import { intents, posts, remoteObjects, schedules } from './schema/schedules.ts';

/**
 * Closes an intent as conclusively absent (law 4); only then may another create leave.
 * @throws AttemptSuperseded when somebody else has closed it; nothing was changed then
 */
export async function closeAbsentIntent(ledger: Ledger, schedule: ScheduleRow, intent: IntentRow): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const now = ledger.clock.now();
    const closed = await tx
      .update(intents)
      .set({ state: 'absent', closedAt: now })
      .where(and(eq(intents.id, intent.id), OPEN_INTENT))
      .returning({ id: intents.id });
    if (closed.length === 0)
      throw new AttemptSuperseded(`The create of ${schedule.id} was settled by another attempt.`);
    await tx
      .update(schedules)
      .set({ unsentTries: sql`${schedules.unsentTries} + 1` })
      .where(eq(schedules.id, schedule.id));
    await appendAudit(tx, [
      {
        workspaceId: schedule.workspaceId,
        traceId: schedule.traceId,
        type: OTHER_AUDIT.intentAbsent,
        scheduleId: schedule.id,
        actor: SYSTEM_ACTOR,
        payload: { intent: intent.id, attempt: intent.attemptNumber, looks: intent.misses },
        at: now,
      },
    ]);
  });
}

/** The create of a schedule that may have left and is not yet accounted for, or null. */
export async function readOpenIntent(ledger: Ledger, scheduleId: string): Promise<IntentRow | null> {
  const [intent] = await ledger.db
    .select()
    .from(intents)
    .where(and(eq(intents.scheduleId, scheduleId), OPEN_INTENT));
  return intent ?? null;
}

/** The platform post ids of an account that the ledger gives to other schedules. */
export async function claimedPostIds(ledger: Ledger, accountId: string): Promise<Set<string>> {
  const rows = await ledger.db
    .select({ platformPostId: posts.platformPostId })
    .from(posts)
    .where(eq(posts.accountId, accountId));
  return new Set(rows.map((row) => row.platformPostId));
}

/**
 * When the first create of this version may have left: the post of one that was thought absent may appear late, after
 * all. Those that the platform refused, or that were never sent, made none.
 */
export async function firstSentAt(ledger: Ledger, intent: IntentRow): Promise<Date> {
  const [row] = await ledger.db
    .select({ sentAt: min(intents.sentAt) })
    .from(intents)
    .where(
      and(
        eq(intents.scheduleId, intent.scheduleId),
        eq(intents.fingerprint, intent.fingerprint),
        // One with `ifAbsent` was not refused by the platform: it was looked for, and called a failure.
        or(notInArray(intents.state, ['refused', 'not_sent']), isNotNull(intents.ifAbsent)),
      ),
    );
  return row?.sentAt ?? intent.sentAt;
}

/** Every remote id saved for a schedule, by key. */
export async function readRemoteObjects(ledger: Ledger, scheduleId: string): Promise<Map<string, unknown>> {
  const rows = await ledger.db
    .select({ key: remoteObjects.key, value: remoteObjects.value })
    .from(remoteObjects)
    .where(eq(remoteObjects.scheduleId, scheduleId));
  return new Map(rows.map((row) => [row.key, row.value]));
}

/** Saves one remote id, or whatever JSON an adapter must remember, as soon as it is known. */
export async function saveRemoteObject(
  ledger: Ledger,
  scheduleId: string,
  key: string,
  wanted: unknown,
): Promise<void> {
  // JSON's null is a value like any other; as a parameter it would become SQL's.
  const value = wanted === null ? sql`'null'::jsonb` : wanted;
  await ledger.db
    .insert(remoteObjects)
    .values({ scheduleId, key, value })
    .onConflictDoUpdate({ target: [remoteObjects.scheduleId, remoteObjects.key], set: { value } });
}

/** Forgets one remote id. */
export async function dropRemoteObject(ledger: Ledger, scheduleId: string, key: string): Promise<void> {
  await ledger.db
    .delete(remoteObjects)
    .where(and(eq(remoteObjects.scheduleId, scheduleId), eq(remoteObjects.key, key)));
}

/** Learns the public address of a recorded post. */
export async function savePostUrl(ledger: Ledger, scheduleId: string, url: string): Promise<void> {
  await ledger.db.update(posts).set({ url }).where(eq(posts.scheduleId, scheduleId));
}
