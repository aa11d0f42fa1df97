// Runs and their stages in an operator's words.
import type { RecheckVerdict } from '../../domain/pipeline/recheck.ts';
import type { RunSummary, RunView } from '../../domain/pipeline/run-view.ts';
import type { StageAction } from '../../domain/pipeline/stage-causes.ts';
import type { StageOutcome } from '../../domain/pipeline/states.ts';

const RUN_LABELS: Readonly<Record<RunSummary['state'], string>> = {
  running: 'At work',
  waiting: 'Waiting',
  failed: 'Failed',
  blocked: 'Stopped',
  canceled: 'Canceled',
  ended: 'Ended',
};

/** The contract's own word, once the run has ended. */
export function stateLabel({ state, terminal }: Pick<RunSummary, 'state' | 'terminal'>): string {
  return terminal === null ? RUN_LABELS[state] : `${terminal.charAt(0).toUpperCase()}${terminal.slice(1)}`;
}

export const isBad = ({ state }: Pick<RunSummary, 'state'>): boolean => state === 'failed' || state === 'blocked';

export const STAGE_LABELS: Readonly<Record<RunView['stages'][number]['state'], string>> = {
  pending: 'to come',
  running: 'at work',
  waiting: 'waiting',
  succeeded: 'done',
  failed: 'failed',
  blocked: 'stopped',
};

/** Null: it has not ended. */
export function outcomeWords(outcome: RunView['attempts'][number]['outcome']): string {
  return outcome === null ? 'under way' : OUTCOMES[outcome];
}

const OUTCOMES: Readonly<Record<StageOutcome, string>> = {
  succeeded: 'done',
  already_true: 'it was so already',
  failed: 'failed',
  blocked: 'stopped',
  unknown: 'nobody can tell',
  interrupted: 'interrupted',
  canceled: 'given up',
};

export const ACTION_WORDS: Readonly<Record<StageAction, string>> = {
  go_back: 'Go back to the stage that makes it.',
  retry: 'Try it again.',
  decide: 'Look at what is true, then hand in its result or try it again.',
  open_publish: 'See to its publish; the run goes on when it is live.',
  mend_then_retry: 'Mend what it names, then try it again.',
};

export const VERDICT_LABELS: Readonly<Record<RecheckVerdict, string>> = {
  live: 'Live as published',
  changed: 'Changed since it was published',
  gone: 'Gone since it was published',
  unreadable: 'Could not be read',
};
