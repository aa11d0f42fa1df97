// Replaces a post's version by another: its row, the version it replaces, and the audit row commit together.
import { and } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { decideEdit, type EditRefusal } from '../../domain/schedules/edit.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { type Version, type VersionChange, versionChanges } from '../../domain/schedules/version-changes.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import { MAY_HAVE_LEFT } from '../intents/intents.ts';
import type { Ledger } from '../ledger.ts';
import { belongsTo, isSchedule } from '../schema/keys.ts';
import { intents, remoteObjects, schedules } from '../schema/schedules.ts';
import { lockFacts, type ScheduleRow } from './facts.ts';
import { move } from './transitions.ts';
import { keepVersion } from './versions.ts';

export interface NewVersion extends Version {
  readonly schedule: ScheduleKey;
  readonly platform: string;
  readonly fingerprint: string;
  readonly publishAt: Date;
  readonly expectedFingerprint: string;
  readonly actor: Actor;
}

export type EditReply =
  | { readonly kind: 'edited'; readonly changed: readonly VersionChange[] }
  | { readonly kind: 'refused'; readonly reason: EditRefusal; readonly schedule: ScheduleRow };

/** Null when there is no such schedule. A version that equals the present one changes nothing. */
export async function replaceVersion(ledger: Ledger, wanted: NewVersion): Promise<EditReply | null> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, wanted.schedule);
    if (!facts) return null;
    const { schedule } = facts;
    const { state, fingerprint } = schedule;
    const mayHaveLeft = await anyMayHaveLeft(tx, wanted.schedule);
    const reason = decideEdit({ state, fingerprint, mayHaveLeft }, wanted.expectedFingerprint);
    if (reason) return { kind: 'refused', reason, schedule };
    const changed = versionChanges(schedule, wanted);
    if (changed.length > 0)
      await appendAudit(tx, await store(tx, { wanted, schedule, changed, at: ledger.clock.now() }));
    return { kind: 'edited', changed };
  });
}

async function anyMayHaveLeft(tx: Tx, key: ScheduleKey): Promise<boolean> {
  const [left] = await tx
    .select({ id: intents.id })
    .from(intents)
    .where(and(belongsTo(intents, key), MAY_HAVE_LEFT))
    .limit(1);
  return left !== undefined;
}

interface Replacing {
  readonly wanted: NewVersion;
  readonly schedule: ScheduleRow;
  readonly changed: readonly VersionChange[];
  readonly at: Date;
}

async function store(tx: Tx, replacing: Replacing): Promise<AuditEvent[]> {
  const { wanted, schedule, changed, at } = replacing;
  const { actor, schedule: key } = wanted;
  await keepVersion(tx, schedule, { changed, actor, at });
  // What was uploaded belongs to the version before; nothing of it can be seen by anybody.
  await tx.delete(remoteObjects).where(belongsTo(remoteObjects, key));
  const edited = { ...columnsOf(wanted), lastActor: actor, updatedAt: at, runToTell: true };
  const event = { workspaceId: key.workspaceId, traceId: schedule.traceId, scheduleId: key.scheduleId, actor, at };
  const payload = { changed, before: schedule.fingerprint, fingerprint: wanted.fingerprint };
  const row = { ...event, type: OTHER_AUDIT.edited, payload };
  const moved = await movedByTime(tx, replacing, edited);
  if (moved) return [row, moved];
  await tx.update(schedules).set(edited).where(isSchedule(key));
  return [row];
}

function columnsOf({ platform, accountId, content, delivery, fingerprint, publishAt }: NewVersion) {
  return {
    platform,
    accountId,
    content,
    delivery,
    fingerprint,
    publishAt,
    publishBefore: delivery.publishBefore === undefined ? null : new Date(delivery.publishBefore),
  };
}

/** A new time is a reschedule, wherever it stands; nothing else of an edit makes a failed post go out again. */
async function movedByTime(
  tx: Tx,
  { wanted, schedule, changed, at }: Replacing,
  edited: Partial<typeof schedules.$inferInsert>,
): Promise<AuditEvent | null> {
  if (!changed.includes('time_changed') || schedule.state === 'handoff_pending') return null;
  const again = { wakeAt: wanted.publishAt, cause: null, failedAt: null, blockedReason: null, unsentTries: 0 };
  const due = wanted.publishAt > at ? wanted.publishAt : at;
  return move(tx, schedule, {
    event: 'rescheduled',
    at,
    actor: wanted.actor,
    changes: { ...edited, ...again, wakeAt: due },
    payload: { publishAt: wanted.publishAt.toISOString(), before: schedule.publishAt.toISOString() },
  });
}
