// Takes schedules in and finds them again, always within one workspace.
import { and, eq, isNull } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Content, Delivery } from '../../domain/schedules/post.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
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
    const inserted = await tx
      .insert(schedules)
      .values({
        ...wanted,
        state: handoff ? 'handoff_pending' : 'queued',
        traceId,
        lastActor: wanted.creator,
        handoff: handoff ? { owner: null, reason: 'the schedule is meant for a person' } : null,
        wakeAt: handoff ? null : wanted.publishAt,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing({ target: [schedules.workspaceId, schedules.id] })
      .returning({ id: schedules.id });
    if (inserted.length === 0) return false;
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
