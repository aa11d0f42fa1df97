// The whole record of one schedule: its attempts, intents and audit trail, the newest where there are very many.
import { and, desc, eq } from 'drizzle-orm';
import { keyOf } from '../../domain/schedules/schedule-key.ts';
import type { Ledger } from '../ledger.ts';
import { belongsTo } from '../schema/keys.ts';
import { auditEvents } from '../schema/records.ts';
import { attempts, intents } from '../schema/schedules.ts';

const MOST_ATTEMPTS = 200;
const MOST_EVENTS = 500;

/** Attempts, intents and audit events of a schedule, each oldest first. */
export async function readRecord(
  { db }: Ledger,
  schedule: { readonly id: string; readonly workspaceId: string; readonly traceId: string },
) {
  const [attemptRows, intentRows, events] = await Promise.all([
    db
      .select()
      .from(attempts)
      .where(belongsTo(attempts, keyOf(schedule)))
      .orderBy(desc(attempts.number))
      .limit(MOST_ATTEMPTS),
    db
      .select()
      .from(intents)
      .where(belongsTo(intents, keyOf(schedule)))
      .orderBy(desc(intents.attemptNumber))
      .limit(MOST_ATTEMPTS),
    db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.workspaceId, schedule.workspaceId), eq(auditEvents.traceId, schedule.traceId)))
      .orderBy(desc(auditEvents.position))
      .limit(MOST_EVENTS),
  ]);
  return { attempts: attemptRows.reverse(), intents: intentRows.reverse(), events: events.reverse() };
}
