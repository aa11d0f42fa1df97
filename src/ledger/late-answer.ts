// The audit row of an attempt that was overtaken: it still tells what it learned; the schedule is no longer its to move.
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { OTHER_AUDIT } from '../domain/audit.ts';
import type { AttemptOutcome } from '../domain/states.ts';
import type { AuditEvent } from './audit.ts';
import type { ScheduleRow } from './facts.ts';

export interface Learned {
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly platformPostId?: string;
}

export function lateAnswer(
  schedule: Pick<ScheduleRow, 'id' | 'workspaceId' | 'traceId'>,
  learned: Learned,
  at: Date,
): AuditEvent {
  const { id, workspaceId, traceId } = schedule;
  const payload = { ...learned };
  return { workspaceId, traceId, type: OTHER_AUDIT.lateAnswer, scheduleId: id, actor: SYSTEM_ACTOR, payload, at };
}
