// The states of a run, of its stages and of their attempts, and the one table that moves a stage.

/** Where a stage stands. */
export const STAGE_STATES = {
  pending: { means: 'its turn has not come', waitsForPerson: false },
  running: { means: 'it is being worked on', waitsForPerson: false },
  waiting: { means: 'it goes on by a word from outside, or by itself at its time', waitsForPerson: false },
  succeeded: { means: 'done', waitsForPerson: false },
  failed: { means: 'not done; a person is needed', waitsForPerson: true },
  blocked: { means: 'stopped before it did anything; a person decides', waitsForPerson: true },
} as const;
export type StageState = keyof typeof STAGE_STATES;

/** How an attempt of a stage ended. `already_true`: the world was so already, and this attempt found it. */
export const STAGE_OUTCOMES = [
  'succeeded',
  'already_true',
  'failed',
  'blocked',
  'unknown',
  'interrupted',
  'canceled',
] as const;
export type StageOutcome = (typeof STAGE_OUTCOMES)[number];

/** Where a run stands; that of its present stage, until it ends. */
export const RUN_STATES = ['running', 'waiting', 'failed', 'blocked', 'canceled', 'ended'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** True when nothing happens to the run any more. */
export const hasEnded = (state: RunState): boolean => state === 'canceled' || state === 'ended';

export const STAGE_EVENTS = [
  'opened',
  'waits',
  'succeeded',
  'failed',
  'blocked',
  'unknown',
  'retried',
  'interrupted',
] as const;
export type StageEvent = (typeof STAGE_EVENTS)[number];

interface Rule {
  readonly from: readonly StageState[];
  readonly to: StageState;
}

const RULES: Record<StageEvent, Rule> = {
  // A stage that waits is looked at again by the same attempt.
  opened: { from: ['pending', 'running', 'waiting'], to: 'running' },
  waits: { from: ['running'], to: 'waiting' },
  succeeded: { from: ['running', 'waiting', 'failed', 'blocked'], to: 'succeeded' },
  // A run whose workflow is gone fails where it stands, also before its stage has begun.
  failed: { from: ['pending', 'running', 'waiting'], to: 'failed' },
  blocked: { from: ['running', 'waiting'], to: 'blocked' },
  // Nobody can tell what it did: a person decides.
  unknown: { from: ['running', 'waiting'], to: 'blocked' },
  retried: { from: ['failed', 'blocked', 'waiting'], to: 'pending' },
  interrupted: { from: ['running'], to: 'pending' },
};

/** The state after an event, or null when the event is not allowed from there. */
export function stageTransition(state: StageState, event: StageEvent): StageState | null {
  const rule = RULES[event];
  return rule.from.includes(state) ? rule.to : null;
}

/** Where a run stands when its present stage stands so. */
export function runStateOf(stage: StageState): RunState {
  if (stage === 'pending' || stage === 'succeeded') return 'running';
  return stage;
}
