// What people can be told of: one table behind settings, payloads, pages and documents.
import { z } from 'zod';

interface EventDefinition {
  /** The `type` of a webhook's body. */
  readonly type: string;
  readonly label: string;
  /** Completes "told when ...". */
  readonly means: string;
}

export const NOTIFICATION_EVENTS = {
  needs_person: {
    type: 'publish.needs_person',
    label: 'Needs a person',
    means: 'a publish or an account waits for somebody',
  },
  unconfirmed: {
    type: 'publish.unconfirmed',
    label: 'Unconfirmed',
    means: 'nobody can tell whether a post is live',
  },
  healed: { type: 'publish.healed', label: 'Healed', means: 'a post that was in doubt or had failed is live' },
  incident_opened: {
    type: 'incident.opened',
    label: 'Incident opened',
    means: 'the first publish of an account fails for a cause',
  },
  incident_closed: {
    type: 'incident.closed',
    label: 'Incident closed',
    means: 'no publish is left that failed for that cause',
  },
  grant_ending: { type: 'grant.ending', label: 'Grant about to end', means: 'the grant of an account is about to end' },
  approval_asked: { type: 'approval.asked', label: 'Approval asked', means: 'a post waits to be approved' },
  run_waits: {
    type: 'run.waits',
    label: 'Run waits',
    means: 'a run of a pipeline has waited long for somebody, and again after each while',
  },
  hold_placed: { type: 'hold.placed', label: 'Hold placed', means: 'publishing was put on hold' },
  hold_released: { type: 'hold.released', label: 'Hold released', means: 'a hold was released' },
  alarm_opened: { type: 'alarm.opened', label: 'Alarm opened', means: 'an alarm opens' },
  rule_tells: { type: 'rule.notified', label: 'A rule tells', means: 'a rule of the workspace says so' },
  morning_report: { type: 'report.morning', label: 'Morning report', means: 'the morning report is due' },
  test: { type: 'channel.test', label: 'Test', means: 'somebody tries a channel' },
} as const satisfies Record<string, EventDefinition>;
export type NotificationEvent = keyof typeof NOTIFICATION_EVENTS;

const isEvent = (name: string): name is NotificationEvent => Object.hasOwn(NOTIFICATION_EVENTS, name);
export const EVENT_NAMES: readonly NotificationEvent[] = Object.keys(NOTIFICATION_EVENTS).filter(isEvent);

/** Those that a channel can be set to take; a test reaches every one. */
export const CHANNEL_EVENTS: readonly NotificationEvent[] = EVENT_NAMES.filter((name) => name !== 'test');

export const notificationEventSchema = z.enum(EVENT_NAMES);
