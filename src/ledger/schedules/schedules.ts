// Takes schedules in and finds them again, always within one workspace.
import { and, eq, isNull, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Content, Delivery } from '../../domain/schedules/post.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { workspaces } from '../schema/accounts.ts';
import { schedules } from '../schema/schedules.ts';
import type { ScheduleRow } from './facts.ts';

export interface NewSchedule {
  readonly id: string;
  readonly workspaceId: string;
  readonly accountId: string;
  readonly platform: string;
  readonly content: Content;
  readonly delivery: Delivery;
  readonly fingerprint: string;
  readonly publishAt: Date;
  readonly creator: Actor;
}

/** Stores a schedule with its audit row; false when the id is taken, with nothing changed. */
export async function insertSchedule(ledger: Ledger, wanted: NewSchedule): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const now = ledger.clock.now();
    const traceId = newId();
    const handoff = wanted.delivery.mode === 'handoff';
    const inserted = await tx
      .insert(schedules)
      .values({
        ...wanted,
        takenInAs: wanted.fingerprint,
        state: handoff ? 'handoff_pending' : 'queued',
        traceId,
        lastActor: wanted.creator,
        handoff: handoff ? { owner: null, reason: 'the schedule is meant for a person' } : null,
        wakeAt: handoff ? null : wanted.publishAt,
        createdAt: now,
        updatedAt: now,
      })
      .onConflictDoNothing({ target: schedules.id })
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
    .where(and(eq(schedules.id, id), eq(schedules.workspaceId, workspaceId)));
  return row ?? null;
}

/** Remembers that a workflow was started for the schedule. */
export async function markWorkflowStarted(ledger: Ledger, id: string): Promise<void> {
  await ledger.db
    .update(schedules)
    .set({ workflowStartedAt: ledger.clock.now() })
    .where(and(eq(schedules.id, id), isNull(schedules.workflowStartedAt)));
}

/** A workspace's id by its name or id; null when there is none. */
export async function findWorkspace(ledger: Ledger, nameOrId: string): Promise<{ id: string; name: string } | null> {
  const [row] = await ledger.db
    .select({ id: workspaces.id, name: workspaces.name })
    .from(workspaces)
    .where(sql`${workspaces.name} = ${nameOrId} or ${workspaces.id}::text = ${nameOrId}`);
  return row ?? null;
}
