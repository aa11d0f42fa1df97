// What the Temporal UI says of a run: the messages that may be sent where it stands.
import { expect, test } from 'vitest';
import type { RunStep } from '../../src/domain/pipeline/run-step.ts';
import { runDetails } from '../../workflows/run-status.ts';

const STEP: RunStep = {
  state: 'blocked',
  stageId: 'publish',
  terminal: null,
  goesOn: false,
  wakeAt: null,
  timeoutMs: 1_000,
  says: 'Another content is live there.',
  cause: null,
};
const detailsOf = (step: Partial<RunStep>) =>
  runDetails({ runId: '20261128-080000-hello', step: { ...STEP, ...step }, working: false, messages: [] });

test.each([
  [{ cause: 'content_conflict' }, '**You may send:** `adopt`, `rename`, `retry` or `cancel`.'],
  [{ cause: 'gate_blocked' }, '**You may send:** `retry`, `submit` where it makes files, or `cancel`.'],
  [{ state: 'waiting' }, '**You may send:** `resume`, `submit` where a person hands in, or `cancel`.'],
  [{ state: 'running' }, '**You may send:** `cancel`.'],
] as const)('at %j', (step, told) => expect(detailsOf(step)).toContain(told));

test('a run that has ended takes no message', () =>
  expect(detailsOf({ state: 'ended', terminal: 'published' })).not.toContain('You may send'));
