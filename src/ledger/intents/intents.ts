// What becomes of a permission to create: open while its post may be live, closed once that is known.
import { and, asc, desc, eq, isNotNull, notInArray, or, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Ledger } from '../ledger.ts';
import type { IntentRow, ScheduleRow } from '../schedules/facts.ts';
import { OPEN_INTENT } from '../schema/columns.ts';
import { belongsTo, isSchedule } from '../schema/keys.ts';
import { intents, schedules } from '../schema/schedules.ts';
import { AttemptSuperseded } from './commit-intent.ts';

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
      .where(isSchedule(keyOf(schedule)));
    await appendAudit(tx, [provedAbsent(schedule, intent, now)]);
  });
}

/** What a person said of the create is confirmed: the platform does not show its post either. */
export async function confirmDenial(ledger: Ledger, schedule: ScheduleRow, intent: IntentRow): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const confirmed = await tx
      .update(intents)
      .set({ state: 'absent' })
      .where(and(eq(intents.id, intent.id), eq(intents.state, 'denied')))
      .returning({ id: intents.id });
    if (confirmed.length > 0) await appendAudit(tx, [provedAbsent(schedule, intent, ledger.clock.now())]);
  });
}

function provedAbsent({ workspaceId, traceId, id }: ScheduleRow, intent: IntentRow, at: Date): AuditEvent {
  const payload = { intent: intent.id, attempt: intent.attemptNumber, looks: intent.misses };
  return { workspaceId, traceId, type: OTHER_AUDIT.intentAbsent, scheduleId: id, actor: SYSTEM_ACTOR, payload, at };
}

/** The create of a schedule that may have left and is not yet accounted for, or null. */
export async function readOpenIntent(ledger: Ledger, key: ScheduleKey): Promise<IntentRow | null> {
  const [intent] = await ledger.db
    .select()
    .from(intents)
    .where(and(belongsTo(intents, key), OPEN_INTENT));
  return intent ?? null;
}

/**
 * The creates of a schedule that may have left and are called absent, by looks or by a person, newest first. However each
 * came to be called so, it is asked about once more before another create leaves.
 */
export async function readEarlierCreates(ledger: Ledger, key: ScheduleKey): Promise<IntentRow[]> {
  return ledger.db
    .select()
    .from(intents)
    .where(and(belongsTo(intents, key), MAY_HAVE_LEFT, notInArray(intents.state, ['sent', 'unknown', 'live'])))
    .orderBy(desc(intents.attemptNumber));
}

/**
 * The first create of a schedule that may have left, in whichever version of the post: what it made, if it was thought
 * absent, may appear late after all. Those that the platform refused, or that were never sent, made nothing.
 */
export async function readFirstCreate(ledger: Ledger, key: ScheduleKey): Promise<IntentRow | null> {
  const [first] = await ledger.db
    .select()
    .from(intents)
    .where(and(belongsTo(intents, key), MAY_HAVE_LEFT))
    .orderBy(asc(intents.attemptNumber))
    .limit(1);
  return first ?? null;
}

/** Every create of a schedule, in whichever version of the post, the oldest first: what was sent, what came back and how it was read. */
export async function readCreates({ db }: Ledger, key: ScheduleKey): Promise<IntentRow[]> {
  return db.select().from(intents).where(belongsTo(intents, key)).orderBy(asc(intents.attemptNumber));
}

/** One with `ifAbsent` was not refused by the platform: it was looked for, and called a failure. */
export const MAY_HAVE_LEFT = or(notInArray(intents.state, ['refused', 'not_sent']), isNotNull(intents.ifAbsent));
