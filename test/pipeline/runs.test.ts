// Runs of pipelines on a real worker: stages in their order, people who hand in and decide, messages through every door.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAcceptedSchema } from '../../src/domain/pipeline/run-view.ts';
import { clientOfNobody, openApi } from '../api/open-api.ts';
import { until } from '../harness/until.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { json, markdown } from './specs.ts';

const PIPELINES = {
  letter: {
    destination: 'blog',
    zones: { news: 'https://blog.example/news/{slug}/' },
    inputs: [markdown('brief.md')],
    stages: [
      {
        id: 'think',
        runner: 'human',
        asks: 'Say what it is about.',
        inputs: ['brief.md'],
        artifacts: [markdown('idea.md')],
      },
      { id: 'type', runner: 'human', inputs: ['idea.md'], artifacts: [markdown('letter.md')] },
      {
        id: 'agree',
        runner: 'builtin',
        uses: 'approve',
        inputs: ['letter.md'],
        artifacts: [json('approval.json')],
        terminal: 'agreed',
      },
    ],
  },
};

const REQUEST = { pipeline: 'letter', slug: 'my-letter', files: { 'brief.md': 'About the sea.' } };

describe('a run', () => {
  let place: PipelinePlace;
  beforeAll(async () => {
    place = await openPipelinePlace(PIPELINES);
    await place.stage.startWorker();
  });
  afterAll(() => place.close());

  it('waits for what people hand in and for their decision, and ends with the word of its contract', async () => {
    const id = await place.start(REQUEST);
    const first = await place.untilRun(id, 'waits at think', ({ run }) => run.state === 'waiting');
    expect(first.run).toMatchObject({ stage: 'think', slug: 'my-letter', zone: 'news' });
    expect(first.stages.map(({ id: stage, state }) => [stage, state])).toEqual([
      ['think', 'waiting'],
      ['type', 'pending'],
      ['agree', 'pending'],
    ]);
    const submit = (stage: string, files: object) =>
      place.api.ask('POST', `/api/runs/${id}/submit`, { json: { stage, files } });
    expect(await submit('think', { 'idea.md': 'Waves.' })).toMatchObject({ status: 200 });
    await place.untilRun(id, 'waits at type', ({ run }) => run.stage === 'type' && run.state === 'waiting');
    expect(await submit('type', { 'letter.md': '# The sea\n\nIt is wide.\n' })).toMatchObject({ status: 200 });
    const asking = await place.untilRun(id, 'asks for a decision', ({ asks }) => asks !== null);
    expect(asking.asks).toMatchObject({ title: 'The sea', address: 'https://blog.example/news/my-letter/' });
    const decision = { verdict: 'approved', expectedFingerprint: asking.asks?.fingerprint };
    expect(await place.api.ask('POST', `/api/runs/${id}/decisions`, { json: decision })).toMatchObject({ status: 200 });
    const ended = await place.untilRun(id, 'has ended', ({ run }) => run.state === 'ended');
    expect(ended.run.terminal).toBe('agreed');
    expect(ended.attempts.map(({ stage, number, outcome }) => [stage, number, outcome])).toEqual([
      ['think', 1, 'succeeded'],
      ['type', 1, 'succeeded'],
      ['agree', 1, 'succeeded'],
    ]);
    expect(ended.artifacts.map(({ name, version, stage }) => [name, version, stage])).toEqual([
      ['brief.md', 1, null],
      ['idea.md', 1, 'think'],
      ['letter.md', 1, 'type'],
      ['approval.json', 1, 'agree'],
    ]);
    const workflow = await place.stage.temporal.workflow.getHandle(`pipeline/sandbox/${id}`).result();
    expect(workflow).toMatchObject({ state: 'ended', terminal: 'agreed' });
  });

  it('takes what is handed in at once, before anybody has looked at the stage', async () => {
    const id = await place.start({ ...REQUEST, slug: 'at-once' });
    const submit = (stage: string, files: object) =>
      place.api.ask('POST', `/api/runs/${id}/submit`, { json: { stage, files } });
    expect(await submit('think', { 'idea.md': 'Waves.' })).toMatchObject({ status: 200 });
    expect(await submit('type', { 'letter.md': '# The sea' })).toMatchObject({ status: 200 });
    const { attempts } = await place.untilRun(id, 'asks for a decision', ({ asks }) => asks !== null);
    expect(attempts.map(({ stage, number, outcome }) => [stage, number, outcome])).toEqual([
      ['think', 1, 'succeeded'],
      ['type', 1, 'succeeded'],
      ['agree', 1, null],
    ]);
  });

  it('still waits, in the same attempt, after it was looked at again', async () => {
    const id = await place.start({ ...REQUEST, slug: 'looked-at' });
    const waits = () => place.untilRun(id, 'waits', ({ run }) => run.state === 'waiting' && run.wakeAt === null);
    await waits();
    for (let look = 0; look < 3; look += 1) {
      expect(await place.api.ask('POST', `/api/runs/${id}/resume`, { json: {} })).toMatchObject({ status: 200 });
      await waits();
    }
    const { attempts, stages } = await place.look(id);
    expect(attempts.map(({ stage, number, outcome }) => [stage, number, outcome])).toEqual([['think', 1, null]]);
    expect(stages[0]?.says).toBe('Say what it is about.');
  });

  it('started twice with one id is one run, and with another content under that id none', async () => {
    const request = { ...REQUEST, id: '20261128-070000-twice', slug: 'twice' };
    expect(await place.api.ask('POST', '/api/runs', { json: request })).toMatchObject({ status: 201 });
    expect(await place.api.ask('POST', '/api/runs', { json: request })).toMatchObject({
      status: 200,
      body: { created: false },
    });
    const other = { ...request, files: { 'brief.md': 'About the land.' } };
    expect(await place.api.ask('POST', '/api/runs', { json: other })).toMatchObject({ status: 409 });
  });

  it('is kept while Temporal is away, says so, and is started by the sweep', async () => {
    const away = await openApi(place.stage, { client: clientOfNobody() });
    const taken = await away.ask('POST', '/api/runs', { json: { ...REQUEST, slug: 'kept' } });
    await away.close();
    expect(taken).toMatchObject({ status: 202, body: { created: true, workflow: 'pending' } });
    const { id } = runAcceptedSchema.parse(taken.body);
    await until('the sweep started it', async () => {
      const { temporal, taskQueue } = place.stage;
      await temporal.workflow.execute('sweep', { workflowId: `sweep-${randomUUID()}`, taskQueue });
      return (await place.look(id)).run.state === 'waiting';
    });
  });

  it('is started as a bare workflow, and steered by signals that carry no proof', async () => {
    const workflowId = 'pipeline/sandbox/20261128-071500-bare';
    const handle = await place.stage.temporal.workflow.start('pipeline', {
      workflowId,
      taskQueue: place.stage.taskQueue,
      args: [{ run: { ...REQUEST, slug: 'bare' } }],
    });
    const id = '20261128-071500-bare';
    await place.untilRunStarted(id);
    await place.untilRun(id, 'waits at think', ({ run }) => run.state === 'waiting');
    await handle.signal('submit', { files: { 'idea.md': 'Signals.' }, requestedBy: 'Sam Signal' });
    const view = await place.untilRun(id, 'went on', ({ run }) => run.stage === 'type');
    expect(view.messages.at(-1)).toMatchObject({ accepted: true, by: { type: 'SELF_DECLARED', label: 'Sam Signal' } });
    await handle.signal('cancel');
    expect(await handle.result()).toMatchObject({ state: 'canceled' });
  });
});
