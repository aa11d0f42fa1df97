// The states of a schedule, an attempt and an intent, and the one function that moves a schedule between states.

/** Whether a post can be seen by its readers, as far as anybody knows. */
type Liveness = 'live' | 'not_live' | 'unknown';

interface StateDefinition {
  readonly ended: boolean;
  /** Nothing happens until somebody does something about this very publish. */
  readonly waitsForPerson: boolean;
  /** Nothing happens until the hold that stops it is released; it is not for itself that anybody is needed. */
  readonly waitsForRelease?: true;
  readonly live: Liveness;
  /** As short as a row needs it. */
  readonly label: string;
  /** What the state means to whoever looks at it; completes "it is ...". */
  readonly means: string;
}

/** Every state of a schedule. */
export const SCHEDULE_STATES = {
  queued: {
    ended: false,
    waitsForPerson: false,
    live: 'not_live',
    label: 'Scheduled',
    means: 'waiting for its time or for a worker',
  },
  posting: {
    ended: false,
    waitsForPerson: false,
    live: 'unknown',
    label: 'Publishing',
    means: 'being published now',
  },
  retry_later: {
    ended: false,
    waitsForPerson: false,
    live: 'not_live',
    label: 'Waiting for the platform',
    means: 'waiting until the platform may be asked again',
  },
  outcome_unknown: {
    ended: false,
    waitsForPerson: false,
    live: 'unknown',
    label: 'Checking',
    means: 'waiting to ask the platform whether it is live',
  },
  unconfirmed: {
    ended: false,
    waitsForPerson: true,
    live: 'unknown',
    label: 'Unconfirmed',
    means: 'nobody can tell whether it is live; a person decides',
  },
  failed: {
    ended: false,
    waitsForPerson: true,
    live: 'not_live',
    label: 'Not published',
    means: 'not published; a person is needed',
  },
  blocked: {
    ended: false,
    waitsForPerson: true,
    live: 'not_live',
    label: 'Stopped',
    means: 'not published; the gate refused it',
  },
  repair_required: {
    ended: false,
    waitsForPerson: true,
    live: 'not_live',
    label: 'Account missing',
    means: 'not published; its account must be chosen again',
  },
  handoff_pending: {
    ended: false,
    waitsForPerson: true,
    live: 'not_live',
    label: 'By hand',
    means: 'a person publishes it by hand',
  },
  held: {
    ended: false,
    waitsForPerson: false,
    waitsForRelease: true,
    live: 'not_live',
    label: 'On hold',
    means: 'its time has come while publishing is on hold; it goes out when the hold is released',
  },
  missed: {
    ended: false,
    waitsForPerson: true,
    live: 'not_live',
    label: 'Too late',
    means: 'not published in time; it goes out only at a new time',
  },
  published: { ended: true, waitsForPerson: false, live: 'live', label: 'Live', means: 'live' },
  handoff_completed: {
    ended: true,
    waitsForPerson: false,
    live: 'live',
    label: 'Published by hand',
    means: 'published by hand',
  },
  canceled: {
    ended: true,
    waitsForPerson: false,
    live: 'not_live',
    label: 'Canceled',
    means: 'canceled; it is not published any more',
  },
} as const satisfies Record<string, StateDefinition>;
export type ScheduleState = keyof typeof SCHEDULE_STATES;

const isState = (name: string): name is ScheduleState => Object.hasOwn(SCHEDULE_STATES, name);
export const STATE_NAMES: readonly ScheduleState[] = Object.keys(SCHEDULE_STATES).filter(isState);

export const ATTEMPT_OUTCOMES = [
  'published',
  'refused',
  'outcome_unknown',
  'unconfirmed',
  'rate_limited',
  'not_sent',
  'gate_blocked',
  'interrupted',
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/**
 * The life of one permission to make the point-of-no-return call. `sent` and `unknown` are open: a create may have
 * left, so nothing may be created before a reconcile (law 4). `denied`: a person said that it made nothing live, and
 * the platform has not confirmed it yet.
 */
export const INTENT_STATES = ['sent', 'unknown', 'live', 'refused', 'not_sent', 'absent', 'denied'] as const;
export type IntentState = (typeof INTENT_STATES)[number];

/** True while nothing but a word from outside makes it go on: there is no time to wait for. */
export function waitsForWord(state: ScheduleState): boolean {
  const { waitsForPerson, ...others }: StateDefinition = SCHEDULE_STATES[state];
  return waitsForPerson || others.waitsForRelease === true;
}

/** True while it goes on without a person who sees to this very publish. */
export function isRunning(state: ScheduleState): boolean {
  const { ended, waitsForPerson } = SCHEDULE_STATES[state];
  return !ended && !waitsForPerson;
}

/** What happens to a schedule. Names are audit types' stems. */
export const SCHEDULE_EVENTS = [
  'attempt_started',
  'published',
  'refused',
  'rate_limited',
  'not_sent',
  'outcome_unknown',
  'unconfirmed',
  'gate_blocked',
  'target_repair',
  'replayed',
  'resolved_not_live',
  'rescheduled',
  'canceled',
  'handed_off',
  'handoff_completed',
  'workflow_lost',
  'approved',
  'held',
  'released',
  'missed',
  'hurried',
] as const;
export type ScheduleEvent = (typeof SCHEDULE_EVENTS)[number];

const RUNNING = ['queued', 'posting', 'retry_later', 'outcome_unknown'] as const;
const WAITING = ['unconfirmed', 'failed', 'blocked', 'repair_required'] as const;
const STOPPED = ['held', 'missed'] as const;

interface Rule {
  readonly from: readonly ScheduleState[];
  readonly to: ScheduleState;
}

const RULES: Record<ScheduleEvent, Rule> = {
  attempt_started: { from: [...RUNNING, ...WAITING, ...STOPPED], to: 'posting' },
  // A reconcile may find the post live whatever the ledger believed, a cancel or a handoff included: truth wins.
  published: { from: [...RUNNING, ...WAITING, ...STOPPED, 'handoff_pending', 'canceled'], to: 'published' },
  refused: { from: ['posting'], to: 'failed' },
  rate_limited: { from: ['posting'], to: 'retry_later' },
  not_sent: { from: ['posting'], to: 'retry_later' },
  outcome_unknown: { from: ['posting'], to: 'outcome_unknown' },
  // A run that is gone may leave an outcome open in any running state.
  unconfirmed: { from: RUNNING, to: 'unconfirmed' },
  gate_blocked: { from: [...RUNNING, ...WAITING, ...STOPPED], to: 'blocked' },
  target_repair: { from: [...RUNNING, ...WAITING, ...STOPPED], to: 'repair_required' },
  replayed: { from: WAITING, to: 'queued' },
  resolved_not_live: { from: ['unconfirmed'], to: 'failed' },
  rescheduled: { from: ['queued', 'retry_later', 'failed', 'blocked', 'repair_required', ...STOPPED], to: 'queued' },
  canceled: { from: [...RUNNING, 'failed', 'blocked', 'repair_required', ...STOPPED, 'handoff_pending'], to: 'canceled' },
  handed_off: { from: [...RUNNING, 'failed', 'blocked', 'repair_required', ...STOPPED], to: 'handoff_pending' },
  handoff_completed: { from: ['handoff_pending'], to: 'handoff_completed' },
  workflow_lost: { from: RUNNING, to: 'failed' },
  // The version it was blocked for want of an approval of is approved: it goes on by itself.
  approved: { from: ['blocked'], to: 'queued' },
  held: { from: [...RUNNING, ...WAITING, 'missed'], to: 'held' },
  released: { from: ['held'], to: 'queued' },
  missed: { from: [...RUNNING, ...WAITING, 'held'], to: 'missed' },
  // The wait for a platform that could not be reached is cut short.
  hurried: { from: ['retry_later'], to: 'queued' },
};

/** The state after an event, or null when the event is not allowed from there. Open intents are the caller's to check. */
export function transition(state: ScheduleState, event: ScheduleEvent): ScheduleState | null {
  const rule = RULES[event];
  return rule.from.includes(state) ? rule.to : null;
}
