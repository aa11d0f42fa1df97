// Opens, answers and closes alarms. A condition that lasts is one alarm, however often it is seen.
import { and, desc, eq, ne, type SQL, sql } from 'drizzle-orm';
import { type AlarmKindName, type AlarmState, type AlarmVerdict, afterAlarmEvent } from '../../domain/alarms/alarm.ts';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { alarms } from '../schema/alarms.ts';

export type Alarm = typeof alarms.$inferSelect;

export async function hasAlarm({ db }: Ledger, workspaceId: string, id: string): Promise<boolean> {
  const own = and(eq(alarms.workspaceId, workspaceId), eq(alarms.id, id));
  return (await db.select({ id: alarms.id }).from(alarms).where(own)).length > 0;
}

export interface AlarmAnswer {
  readonly workspaceId: string;
  readonly id: string;
  readonly verdict: AlarmVerdict;
  readonly note: string;
  readonly actor: Actor;
}

/** Where it stands after that; `changed` false: it stood so already, and nothing was written. Null: there is no such alarm. */
export async function answerAlarm(
  ledger: Ledger,
  { workspaceId, id, verdict, note, actor }: AlarmAnswer,
): Promise<{ readonly state: AlarmState; readonly changed: boolean } | null> {
  return ledger.db.transaction(async (tx) => {
    const own = and(eq(alarms.workspaceId, workspaceId), eq(alarms.id, id));
    const [alarm] = await tx.select().from(alarms).where(own).for('update');
    if (!alarm) return null;
    const state = afterAlarmEvent(alarm.state, verdict, alarm.kind);
    if (state === null) return { state: alarm.state, changed: false };
    const at = ledger.clock.now();
    const words = [...alarm.words, { verdict, note, by: actor, at: at.toISOString() }];
    await tx
      .update(alarms)
      .set({ state, words, ...(state === 'resolved' ? { resolvedAt: at } : {}) })
      .where(own);
    const type = verdict === 'ack' ? OTHER_AUDIT.alarmAcked : OTHER_AUDIT.alarmResolved;
    const { traceId, kind, subject } = alarm;
    await appendAudit(tx, [{ workspaceId, traceId, type, actor, payload: { alarmId: id, kind, subject, note }, at }]);
    return { state, changed: true };
  });
}

export interface AlarmFilter {
  readonly workspaceId: string;
  /** Without it, those that are not resolved. */
  readonly state?: AlarmState | undefined;
  readonly kind?: AlarmKindName | undefined;
  /** The id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Those seen last come first. */
export function listAlarms({ db }: Ledger, { workspaceId, state, kind, after, limit }: AlarmFilter): Promise<Alarm[]> {
  const standing = state === undefined ? ne(alarms.state, 'resolved') : eq(alarms.state, state);
  const before: SQL | undefined = after
    ? sql`(${alarms.lastAt}, ${alarms.id}) < (select last_at, id from alarms where id = ${after}::uuid and workspace_id = ${workspaceId})`
    : undefined;
  const ofKind = kind === undefined ? undefined : eq(alarms.kind, kind);
  return db
    .select()
    .from(alarms)
    .where(and(eq(alarms.workspaceId, workspaceId), standing, ofKind, before))
    .orderBy(desc(alarms.lastAt), desc(alarms.id))
    .limit(limit);
}
