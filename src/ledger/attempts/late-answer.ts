// The audit row of an attempt that was overtaken: it still tells what it learned; the schedule is no longer its to move.

import { type AuditType, OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { AttemptOutcome } from '../../domain/schedules/states.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { ScheduleRow } from '../schedules/facts.ts';

export interface Learned {
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly platformPostId?: string;
}

type Overtaken = Pick<ScheduleRow, 'id' | 'workspaceId' | 'traceId'>;

export function lateAnswer(schedule: Overtaken, learned: Learned, at: Date): AuditEvent {
  return told(schedule, OTHER_AUDIT.lateAnswer, { ...learned }, at);
}

/** The audit row of a proven breach of law 1: the platform made two posts of one schedule, and `recorded` is the first known. */
export function secondPost(
  schedule: Overtaken,
  learned: Learned & { readonly recorded: string },
  at: Date,
): AuditEvent {
  return told(schedule, OTHER_AUDIT.secondPost, { ...learned }, at);
}

function told(
  { id, workspaceId, traceId }: Overtaken,
  type: AuditType,
  payload: Readonly<Record<string, unknown>>,
  at: Date,
): AuditEvent {
  return { workspaceId, traceId, type, scheduleId: id, actor: SYSTEM_ACTOR, payload, at };
}
