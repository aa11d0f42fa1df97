// Moves a schedule from state to state by the rules of the domain. Two moves are part of one statement of their own: an
// attempt's start (leases.ts) and a live post (save-published.ts).
import { SCHEDULE_AUDIT } from '../../domain/audit/audit.ts';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { keyOf } from '../../domain/schedules/schedule-key.ts';
import { type ScheduleEvent, type ScheduleState, transition } from '../../domain/schedules/states.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import { isSchedule } from '../schema/keys.ts';
import { schedules } from '../schema/schedules.ts';
import type { ScheduleRow } from './facts.ts';

/** What a move needs to know of its schedule, whose row the caller has locked. */
export type Movable = Pick<ScheduleRow, 'id' | 'workspaceId' | 'traceId' | 'state' | 'lastActor'>;

/** The event does not follow from the schedule's present state: somebody else moved it first. */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';
  readonly state: ScheduleState;
  constructor({ id, state }: Pick<Movable, 'id' | 'state'>, event: ScheduleEvent) {
    super(`Schedule ${id} is ${state}; ${event} does not apply to it, and nothing was changed.`);
    this.state = state;
  }
}

export interface Move {
  readonly event: ScheduleEvent;
  readonly at: Date;
  readonly actor?: Actor | undefined;
  /** Columns that change with the state. */
  readonly changes?: Partial<typeof schedules.$inferInsert> | undefined;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Moves the locked schedule and answers the audit event to append at the end of the same transaction (law 11).
 * @throws MoveRefused when the event is not allowed from the present state
 */
export async function move(
  tx: Tx,
  schedule: Movable,
  { event, at, actor, changes, payload }: Move,
): Promise<AuditEvent> {
  const state = transition(schedule.state, event);
  if (state === null) throw new MoveRefused(schedule, event);
  const lastActor = actor ?? schedule.lastActor;
  await tx
    .update(schedules)
    .set({ wakeAt: null, ...changes, state, lastActor, updatedAt: at })
    .where(isSchedule(keyOf(schedule)));
  return {
    workspaceId: schedule.workspaceId,
    traceId: schedule.traceId,
    type: SCHEDULE_AUDIT[event],
    scheduleId: schedule.id,
    actor: actor ?? SYSTEM_ACTOR,
    payload: { from: schedule.state, to: state, ...payload },
    at,
  };
}
