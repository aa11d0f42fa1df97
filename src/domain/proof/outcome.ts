// What became of a schedule, in the words of the proof record.
import type { ScheduleState } from '../schedules/states.ts';

export const PUBLISH_OUTCOMES = [
  'queued',
  'posting',
  'published',
  'publish_failed',
  'handoff_pending',
  'handoff_completed',
  'canceled',
] as const;
export type PublishOutcome = (typeof PUBLISH_OUTCOMES)[number];

const OUTCOME_OF: Record<ScheduleState, PublishOutcome> = {
  queued: 'queued',
  held: 'queued',
  retry_later: 'queued',
  posting: 'posting',
  outcome_unknown: 'posting',
  // Nobody can tell: an unknown outcome is never called a failure (law 3).
  unconfirmed: 'posting',
  failed: 'publish_failed',
  blocked: 'publish_failed',
  repair_required: 'publish_failed',
  missed: 'publish_failed',
  published: 'published',
  handoff_pending: 'handoff_pending',
  handoff_completed: 'handoff_completed',
  canceled: 'canceled',
};

/** The outcome; a post that is live is published whatever else is said of its schedule (law 6). */
export function publishOutcome(state: ScheduleState, isLive: boolean): PublishOutcome {
  return isLive ? 'published' : OUTCOME_OF[state];
}
