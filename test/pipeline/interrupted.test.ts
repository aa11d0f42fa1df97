// What an operator does to a run's workflow in Temporal while people are at work on the run.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { markdown } from './specs.ts';

const written = (id: string, input: string, made: string) => ({
  id,
  runner: 'human',
  inputs: [input],
  artifacts: [markdown(made)],
});
const agreed = (input: string) => ({
  id: 'agree',
  runner: 'builtin',
  uses: 'approve',
  inputs: [input],
  artifacts: [{ name: 'approval.json', media_type: 'application/json' }],
  terminal: 'agreed',
});
const pipeline = (...stages: readonly object[]) => ({
  letter: {
    destination: 'blog',
    zones: { news: 'https://blog.example/news/{slug}/' },
    inputs: [markdown('brief.md')],
    stages,
  },
});
const PIPELINES = pipeline(
  written('think', 'brief.md', 'idea.md'),
  written('type', 'idea.md', 'letter.md'),
  agreed('letter.md'),
);

let place: PipelinePlace;
beforeAll(async () => {
  place = await openPipelinePlace(PIPELINES);
  await place.startWorker();
});
afterAll(() => place.close());

const workflowOf = (runId: string) => place.stage.temporal.workflow.getHandle(`pipeline/sandbox/${runId}`);
const start = (slug: string) => place.start({ pipeline: 'letter', slug, files: { 'brief.md': 'About the sea.' } });
const submit = (runId: string, stage: string, files: object) =>
  place.api.ask('POST', `/api/runs/${runId}/submit`, { json: { stage, files } });
const untilWaitsAt = (runId: string, at: string) =>
  place.untilRun(runId, `waits at ${at}`, ({ run }) => run.stage === at && run.state === 'waiting');

/** A run whose first stage was handed in, and which waits at its second. */
async function halfWay(slug: string): Promise<string> {
  const id = await start(slug);
  await untilWaitsAt(id, 'think');
  expect(await submit(id, 'think', { 'idea.md': 'Waves.' })).toMatchObject({ status: 200 });
  await untilWaitsAt(id, 'type');
  return id;
}

/** Every stage succeeds once; what was interrupted made nothing. */
async function toTheEnd(id: string): Promise<void> {
  expect(await submit(id, 'type', { 'letter.md': '# The sea\n\nIt is wide.\n' })).toMatchObject({ status: 200 });
  const { asks } = await place.untilRun(id, 'asks', (view) => view.asks !== null);
  const json = { verdict: 'approved', expectedFingerprint: asks?.fingerprint };
  expect(await place.api.ask('POST', `/api/runs/${id}/decisions`, { json })).toMatchObject({ status: 200 });
  const ended = await place.untilRun(id, 'has ended', ({ run }) => run.state === 'ended');
  expect(ended.run.terminal).toBe('agreed');
  const whole = ended.attempts.filter(({ outcome }) => outcome !== 'interrupted');
  expect(whole.map(({ stage, outcome }) => [stage, outcome])).toEqual([
    ['think', 'succeeded'],
    ['type', 'succeeded'],
    ['agree', 'succeeded'],
  ]);
  expect(ended.artifacts.map(({ name, version }) => [name, version])).toEqual([
    ['brief.md', 1],
    ['idea.md', 1],
    ['letter.md', 1],
    ['approval.json', 1],
  ]);
}

describe('a run whose workflow', () => {
  it('is reset to its beginning stands where the ledger says, though what was handed in comes again', async () => {
    const id = await halfWay('reset');
    const { events } = await workflowOf(id).fetchHistory();
    const first = (events ?? []).find((event) => event.workflowTaskCompletedEventAttributes);
    await place.stage.temporal.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: `pipeline/sandbox/${id}` },
      reason: 'an operator resets it',
      workflowTaskFinishEventId: first?.eventId ?? null,
      requestId: randomUUID(),
    });
    await until('the new workflow tells where it stands', async () => {
      const status: { step: { stageId: string } | null } = await workflowOf(id).query('status');
      return status.step?.stageId === 'type';
    });
    await untilWaitsAt(id, 'type');
    await toTheEnd(id);
  });

  it('is terminated is found by the sweep, says so, and goes on once a person tries its stage again', async () => {
    const id = await halfWay('terminated');
    await workflowOf(id).terminate('by mistake');
    const lost = await until('the sweep found it', async () => {
      await place.stage.temporal.workflow.execute('sweep', {
        workflowId: `sweep-${place.stage.taskQueue}-${randomUUID()}`,
        taskQueue: place.stage.taskQueue,
      });
      const view = await place.look(id);
      return view.run.state !== 'waiting' && view;
    });
    expect(lost.run).toMatchObject({ stage: 'type', state: 'failed' });
    expect(lost.stages[1]?.cause?.text).toBe(
      'Its workflow was terminated in Temporal; a new attempt of the stage starts it again.',
    );
    expect(await place.api.ask('POST', `/api/runs/${id}/retry`, { json: {} })).toMatchObject({ status: 200 });
    await untilWaitsAt(id, 'type');
    await toTheEnd(id);
  });

  it('is canceled in Temporal is canceled, and says so', async () => {
    const id = await halfWay('canceled');
    await workflowOf(id).cancel();
    const view = await place.untilRun(id, 'is canceled', ({ run }) => run.state === 'canceled');
    expect(view.messages.at(-1)).toMatchObject({ name: 'cancel', accepted: true });
  });
});
