// Takes schedules in and finds them again, always within one workspace.
import { and, count, eq, isNull, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Content, Delivery, DeliverySet } from '../../domain/schedules/post.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { isSchedule } from '../schema/keys.ts';
import { schedules } from '../schema/schedules.ts';
import type { ScheduleRow } from './facts.ts';

export interface NewSchedule {
  readonly id: string;
  readonly workspaceId: string;
  /** Of its publish in Temporal. */
  readonly workflowId: string;
  readonly accountId: string;
  readonly platform: string;
  readonly content: Content;
  readonly delivery: Delivery;
  readonly fingerprint: string;
  /** The fingerprint of the request as it was given, before the facts of its media were read. */
  readonly takenInAs: string;
  readonly publishAt: Date;
  readonly creator: Actor;
}

/** Stores a schedule with its audit row; false when its workspace has one of that id, with nothing changed. */
export async function insertSchedule(ledger: Ledger, wanted: NewSchedule): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const now = ledger.clock.now();
    const traceId = newId();
    const handoff = wanted.delivery.mode === 'handoff';
    const { publishBefore, deliverySet } = wanted.delivery;
    if (deliverySet) await oneAtATime(tx, wanted.workspaceId, deliverySet);
    const inserted = await tx
      .insert(schedules)
      .values({
        ...wanted,
        state: handoff ? 'handoff_pending' : 'queued',
        traceId,
        lastActor: wanted.creator,
        handoff: handoff ? { owner: null, reason: 'chosen_per_schedule' } : null,
        wakeAt: handoff ? null : wanted.publishAt,
        publishBefore: publishBefore === undefined ? null : new Date(publishBefore),
        deliverySetId: deliverySet?.id ?? null,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing({ target: [schedules.workspaceId, schedules.id] })
      .returning({ id: schedules.id });
    if (inserted.length === 0) return false;
    if (deliverySet) await assertFits(tx, wanted.workspaceId, deliverySet);
    const { id, workspaceId, accountId, platform, fingerprint, publishAt } = wanted;
    await appendAudit(tx, [
      {
        workspaceId,
        traceId,
        type: OTHER_AUDIT.scheduleCreated,
        scheduleId: id,
        actor: wanted.creator,
        payload: { accountId, platform, fingerprint, publishAt: publishAt.toISOString() },
        at: now,
      },
    ]);
    return true;
  });
}

/** The post does not fit the delivery set it names; nothing was stored. */
export class DeliverySetMismatch extends Error {
  override readonly name = 'DeliverySetMismatch';
}

/** Members of one set come one at a time, so that each sees those before it. */
async function oneAtATime(tx: Tx, workspaceId: string, { id }: DeliverySet): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${workspaceId}/${id}`}, 0))`);
}

/** They agree on how many they are, and are no more than that. @throws DeliverySetMismatch */
async function assertFits(tx: Tx, workspaceId: string, { id, memberCount }: DeliverySet): Promise<void> {
  const said = sql<number>`(${schedules.delivery} -> 'deliverySet' ->> 'memberCount')::int`;
  const sizes = await tx
    .select({ memberCount: said, members: count() })
    .from(schedules)
    .where(and(eq(schedules.workspaceId, workspaceId), eq(schedules.deliverySetId, id)))
    .groupBy(said);
  const other = sizes.find((size) => size.memberCount !== memberCount);
  if (other)
    throw new DeliverySetMismatch(`has ${other.memberCount} members, as the posts before it said, not ${memberCount}`);
  if (sizes.some(({ members }) => members > memberCount)) {
    throw new DeliverySetMismatch(`is complete with its ${memberCount} members`);
  }
}

/** A schedule by id, or null when it is not this workspace's: a foreign id looks like no id at all. */
export async function findSchedule(ledger: Ledger, workspaceId: string, id: string): Promise<ScheduleRow | null> {
  const [row] = await ledger.db
    .select()
    .from(schedules)
    .where(isSchedule({ workspaceId, scheduleId: id }));
  return row ?? null;
}

/** Remembers that a workflow was started for the schedule. */
export async function markWorkflowStarted(ledger: Ledger, key: ScheduleKey): Promise<void> {
  await ledger.db
    .update(schedules)
    .set({ workflowStartedAt: ledger.clock.now() })
    .where(and(isSchedule(key), isNull(schedules.workflowStartedAt)));
}

/** The schedule that a workflow of this id publishes, whichever version of ours gave the id; null when there is none. */
export async function findByWorkflow(ledger: Ledger, workflowId: string): Promise<ScheduleKey | null> {
  const [row] = await ledger.db
    .select({ workspaceId: schedules.workspaceId, scheduleId: schedules.id })
    .from(schedules)
    .where(eq(schedules.workflowId, workflowId));
  return row ?? null;
}
