// Which message to a run is taken where its stage stands, written out.
import { describe, expect, it } from 'vitest';
import type { PipelineContract, StageSpec } from '../../src/domain/pipeline/contract.ts';
import {
  type RunFacts,
  type RunMessage,
  type RunRefusal,
  refuseRunMessage,
} from '../../src/domain/pipeline/run-messages.ts';

const common = {
  inputs: [],
  artifacts: [{ name: 'draft.md', mediaType: 'text/markdown' }],
  gates: [],
  timeoutMs: 1_000,
  retry: { attempts: 1, firstMs: 1, maxMs: 1 },
  effect: 'none',
  terminal: null,
} as const;
const WRITES: StageSpec = { ...common, id: 'write', runner: 'human', asks: 'Write.', next: 'check' };
const CHECKS: StageSpec = {
  ...common,
  id: 'check',
  runner: 'command',
  command: ['check'],
  env: [],
  maxOutputBytes: 1_024,
  next: null,
  terminal: 'checked',
};
const ONE: Pick<PipelineContract, 'stages'> = { stages: [WRITES, CHECKS] };

const STANDS: RunFacts = {
  contract: ONE,
  state: 'running',
  stageId: 'write',
  stageState: 'waiting',
  attempts: 1,
  publishUnderWay: false,
  live: false,
  inTheWay: null,
};
const submit: RunMessage = { name: 'submit', body: { files: { 'draft.md': 'Waves.' } } };
const resume: RunMessage = { name: 'resume', body: {} };
const retry: RunMessage = { name: 'retry', body: {} };
const back: RunMessage = { name: 'retry', body: { stage: 'write' } };
const cancel: RunMessage = { name: 'cancel', body: {} };

const STATES = ['pending', 'running', 'waiting', 'failed', 'blocked'] as const;
type Row = readonly (RunRefusal | null)[];

/** In the order of STATES. */
const AT_A_PERSON: readonly (readonly [RunMessage, Row])[] = [
  [submit, [null, null, null, null, null]],
  [resume, ['not_waiting', 'not_waiting', null, 'not_waiting', 'not_waiting']],
  [retry, ['nothing_failed', 'nothing_failed', 'nothing_failed', null, null]],
  [cancel, [null, null, null, null, null]],
];
const AT_A_PROGRAM: readonly (readonly [RunMessage, Row])[] = [
  [submit, ['being_worked_on', 'being_worked_on', null, null, null]],
  [resume, ['not_waiting', 'not_waiting', null, 'not_waiting', 'not_waiting']],
  [retry, ['nothing_failed', 'nothing_failed', 'nothing_failed', null, null]],
  [back, ['being_worked_on', 'being_worked_on', null, null, null]],
  [cancel, [null, null, null, null, null]],
];

describe.each([
  ['at a stage that a person does', { ...STANDS, stageId: 'write' }, AT_A_PERSON],
  ['at a stage that a program does', { ...STANDS, stageId: 'check' }, AT_A_PROGRAM],
] as const)('a message to a run %s', (_, facts, rows) => {
  it.each(rows.map(([message, row]) => [message.name, message, row] as const))('%s', (_name, message, row) => {
    expect(STATES.map((stageState) => refuseRunMessage(message, { ...facts, stageState }))).toEqual(row);
  });
});

describe('what is handed in', () => {
  it('does not pass by a gate that was not asked yet', () => {
    const gated = { stages: [{ ...WRITES, gates: ['no_markers'] as const }, CHECKS] };
    const answers = STATES.map((stageState) => refuseRunMessage(submit, { ...STANDS, contract: gated, stageState }));
    expect(answers).toEqual(['being_worked_on', 'being_worked_on', null, null, null]);
  });

  it('is for the stage where the run stands', () => {
    const earlier: RunMessage = { name: 'submit', body: { stage: 'check', files: {} } };
    expect(refuseRunMessage(earlier, STANDS)).toBe('not_there');
  });
});
