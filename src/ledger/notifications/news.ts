// Follows the audit trail of a workspace from where it was left. The trail's positions have no gaps and are given in the
// order of the commits, so that whoever goes on from the last one misses nothing.
import { and, asc, count, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { CAUSE_CODES } from '../../domain/causes/causes.ts';
import { type BegunIncident, incidentId } from '../../domain/notifications/happening.ts';
import { actorSchema } from '../../domain/people/actor.ts';
import { SCHEDULE_STATES, STATE_NAMES } from '../../domain/schedules/states.ts';
import { newId } from '../../runtime/ids.ts';
import type { Ledger } from '../ledger.ts';
import { notificationCursors, toldIncidents } from '../schema/notifications.ts';
import { auditEvents } from '../schema/records.ts';
import { schedules } from '../schema/schedules.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';

/** A workspace that is followed for the first time is told nothing older. */
const FIRST_LOOK_BACK_MS = 3_600_000;

export interface TrailEvent {
  readonly position: number;
  readonly type: string;
  readonly scheduleId: string | null;
  readonly traceId: string;
  /** Who did it, as people call them. */
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** `after`: where the look begins. The events follow each other without a gap. */
export interface TrailPage {
  readonly after: number;
  readonly events: readonly TrailEvent[];
}

/** The next events of a workspace that were not looked at yet, at most `limit`. */
export async function unseenEvents(ledger: Ledger, workspaceId: string, limit: number): Promise<TrailPage> {
  const after = await cursorOf(ledger, workspaceId);
  const rows = await ledger.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.workspaceId, workspaceId), gt(auditEvents.position, after)))
    .orderBy(asc(auditEvents.position))
    .limit(limit);
  const events = rows.map(({ position, type, scheduleId, traceId, actor, payload }) => ({
    position,
    type,
    scheduleId,
    traceId,
    actor: actorSchema.parse(actor).label,
    payload: typeof payload === 'object' && payload !== null ? { ...payload } : {},
  }));
  return { after, events };
}

async function cursorOf(ledger: Ledger, workspaceId: string): Promise<number> {
  const own = eq(notificationCursors.workspaceId, workspaceId);
  const [known] = await ledger.db.select().from(notificationCursors).where(own);
  if (known) return known.position;
  const begin = new Date(ledger.clock.now().getTime() - FIRST_LOOK_BACK_MS);
  const [last] = await ledger.db
    .select({ position: auditEvents.position })
    .from(auditEvents)
    .where(and(eq(auditEvents.workspaceId, workspaceId), lt(auditEvents.at, begin)))
    .orderBy(desc(auditEvents.position))
    .limit(1);
  const position = last?.position ?? 0;
  await ledger.db.insert(notificationCursors).values({ workspaceId, position }).onConflictDoNothing();
  return position;
}

const BROKEN = STATE_NAMES.filter((name) => SCHEDULE_STATES[name].waitsForPerson);

/** Of these traces, those in which a publish needed a person at some time. */
export async function brokenTraces(
  { db }: Ledger,
  workspaceId: string,
  traceIds: readonly string[],
): Promise<Set<string>> {
  if (traceIds.length === 0) return new Set();
  const rows = await db
    .selectDistinct({ traceId: auditEvents.traceId })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.workspaceId, workspaceId),
        inArray(auditEvents.traceId, [...traceIds]),
        inArray(sql`${auditEvents.payload} ->> 'to'`, [...BROKEN]),
      ),
    );
  return new Set(rows.map(({ traceId }) => traceId));
}

/** The incidents of a workspace that were told and are not over, by `incidentId`. */
export async function openIncidents({ db }: Ledger, workspaceId: string): Promise<Set<string>> {
  const rows = await db
    .select({ accountId: toldIncidents.accountId, cause: toldIncidents.cause })
    .from(toldIncidents)
    .where(and(eq(toldIncidents.workspaceId, workspaceId), sql`${toldIncidents.closedAt} is null`));
  return new Set(rows.map(incidentId));
}

/** How many publishes stand failed now, by `incidentId`. */
export async function failingNow({ db }: Ledger, workspaceId: string): Promise<Map<string, number>> {
  const cause = sql<string>`${schedules.cause} ->> 'code'`;
  const rows = await db
    .select({ accountId: schedules.accountId, cause, failing: count() })
    .from(schedules)
    .where(and(eq(schedules.workspaceId, workspaceId), eq(schedules.state, 'failed')))
    .groupBy(schedules.accountId, cause);
  return new Map(
    rows.flatMap(({ failing, accountId, cause: code }) => {
      const known = CAUSE_CODES.safeParse(code);
      return known.success ? [[incidentId({ accountId, cause: known.data }), failing] as const] : [];
    }),
  );
}

export interface Looked {
  readonly workspaceId: string;
  /** From where to where the trail was looked at. */
  readonly after: number;
  readonly upTo: number;
  readonly deliveries: readonly NewDelivery[];
  readonly opened: readonly BegunIncident[];
}

/** Keeps what was found, and how far it was looked; false, with nothing kept, when somebody else looked meanwhile. */
export async function keepLook(
  ledger: Ledger,
  { workspaceId, after, upTo, deliveries, opened }: Looked,
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const moved = await tx
      .update(notificationCursors)
      .set({ position: upTo })
      .where(and(eq(notificationCursors.workspaceId, workspaceId), eq(notificationCursors.position, after)))
      .returning({ position: notificationCursors.position });
    if (moved.length === 0) return false;
    const now = ledger.clock.now();
    if (opened.length > 0) {
      const rows = opened.map(({ begunAt, ...incident }) => {
        const openedAt = begunAt === null ? now : new Date(begunAt);
        return { id: newId(), workspaceId, ...incident, openedAt };
      });
      await tx.insert(toldIncidents).values(rows).onConflictDoNothing();
    }
    await insertDeliveries(tx, workspaceId, deliveries, now);
    return true;
  });
}
