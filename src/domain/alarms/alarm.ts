// Alarms (operations O5): a condition that somebody has to know of, once, for as long as it lasts.
import { z } from 'zod';
import { FAILURE_MODES, type FailureModeId } from '../operations/failure-modes.ts';
import { instantSchema } from '../schedules/item.ts';
import { plainText } from '../schedules/post.ts';

/**
 * Where an alarm stands.
 * - `open`: nobody has said that they know of it
 * - `acked`: somebody knows, and it goes on
 * - `resolved`: it has ended, by itself or because somebody said so; the next time is another alarm
 */
export const ALARM_STATES = ['open', 'acked', 'resolved'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

export const ALARM_SEVERITIES = ['warning', 'critical'] as const;
export type AlarmSeverity = (typeof ALARM_SEVERITIES)[number];

interface AlarmKind {
  /** The failure mode that it tells of. */
  readonly mode: FailureModeId;
  readonly severity: AlarmSeverity;
  /** Completes "told when ...". */
  readonly means: string;
  /** It closes by itself once its condition is proved to have ended. */
  readonly closesItself: boolean;
}

/** What there are alarms about. Names are byte-exact and never change meaning. */
export const ALARM_KINDS = {
  connector_rejects: {
    mode: 'F-01',
    severity: 'warning',
    means: 'a connector sends what cannot be taken in',
    closesItself: true,
  },
  routing_undecided: {
    mode: 'F-03',
    severity: 'warning',
    means: 'events wait because nobody decided where they belong',
    closesItself: true,
  },
  task_stuck: { mode: 'F-05', severity: 'warning', means: 'a task makes no progress', closesItself: true },
  integration_down: {
    mode: 'F-08',
    severity: 'critical',
    means: 'something outside does not answer',
    closesItself: true,
  },
  call_mismatch: {
    mode: 'F-10',
    severity: 'warning',
    means: 'one idempotency key stands for two different calls',
    closesItself: false,
  },
  watcher_failing: { mode: 'F-13', severity: 'warning', means: 'a watcher fails at every tick', closesItself: true },
  rule_storm: {
    mode: 'F-14',
    severity: 'warning',
    means: 'a rule fires far too often and was stopped',
    closesItself: false,
  },
  audit_unwritable: {
    mode: 'F-15',
    severity: 'critical',
    means: 'the audit trail could not be written',
    closesItself: true,
  },
  secret_leak_detected: {
    mode: 'F-16',
    severity: 'critical',
    means: 'a secret was about to be stored, and was masked',
    closesItself: false,
  },
} as const satisfies Record<string, AlarmKind>;
export type AlarmKindName = keyof typeof ALARM_KINDS;

const isKind = (name: string): name is AlarmKindName => Object.hasOwn(ALARM_KINDS, name);
export const ALARM_KIND_NAMES: readonly AlarmKindName[] = Object.keys(ALARM_KINDS).filter(isKind);

/** What happens to an alarm. `again`: its condition was seen once more. `ended`: it is proved to be over. */
export type AlarmEvent = 'again' | 'ack' | 'resolve' | 'ended';

/** Where it stands after that; null: nothing can happen to it any more, or this cannot. */
export function afterAlarmEvent(state: AlarmState, event: AlarmEvent, kind: AlarmKindName): AlarmState | null {
  if (state === 'resolved') return null;
  switch (event) {
    case 'again':
      return state;
    case 'ack':
      return state === 'open' ? 'acked' : null;
    case 'resolve':
      return 'resolved';
    case 'ended':
      return ALARM_KINDS[kind].closesItself ? 'resolved' : null;
  }
}

/** What a person says to an alarm. */
export const ALARM_VERDICTS = ['ack', 'resolve'] as const;
export type AlarmVerdict = (typeof ALARM_VERDICTS)[number];

const alarmSchema = z
  .object({
    id: z.string(),
    kind: z.enum(ALARM_KIND_NAMES),
    means: z.string().meta({ description: 'Completes "told when ...".' }),
    mode: z.string().meta({ description: 'The failure mode that it tells of, F-01 to F-16.' }),
    subject: z.string().meta({ description: 'What it is about.' }),
    severity: z.enum(ALARM_SEVERITIES),
    state: z.enum(ALARM_STATES),
    says: z.string().meta({ description: 'What was seen last.' }),
    next: z.string().meta({ description: 'What helps.' }),
    traceId: z.string(),
    count: z.int().meta({ description: 'How often it was seen since it opened.' }),
    firstAt: instantSchema,
    lastAt: instantSchema,
    endedBy: z.string().nullable().meta({ description: 'What proved that its condition is over.' }),
    resolvedAt: instantSchema.nullable(),
    words: z.array(z.object({ verdict: z.enum(ALARM_VERDICTS), note: z.string(), by: z.string(), at: instantSchema })),
  })
  .meta({ id: 'Alarm' });
export type AlarmView = z.infer<typeof alarmSchema>;

export const alarmsSchema = z
  .object({
    alarms: z.array(alarmSchema),
    next: z.string().nullable().meta({ description: 'Pass it as `after` for those before.' }),
  })
  .meta({ id: 'Alarms' });

export const alarmWordSchema = z.strictObject({ note: plainText.trim().min(1).max(2_000) }).meta({ id: 'AlarmWord' });

export const alarmAnsweredSchema = z
  .object({ id: z.string(), state: z.enum(ALARM_STATES), says: z.string() })
  .meta({ id: 'AlarmAnswered' });

/** What its failure mode says that helps against it. */
export const recoveryOf = (kind: AlarmKindName): string => FAILURE_MODES[ALARM_KINDS[kind].mode].recovery;

/** What became of somebody's word, in one sentence. */
export function answerWords({ state, changed }: { readonly state: AlarmState; readonly changed: boolean }): string {
  if (!changed)
    return state === 'resolved'
      ? 'It is over already; nothing was changed.'
      : 'Somebody knows of it already; nothing was changed.';
  return state === 'resolved'
    ? 'It is resolved. Should it be seen again, another alarm opens.'
    : 'It is known to be looked after; it stays until it is over.';
}
