// A pipeline is changed in the file alone: stages are added, renamed, put in another order and taken out. Every door follows with what
// is started then, and a run that is open keeps what it began with.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runViewSchema } from '../../src/domain/pipeline/run-view.ts';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { writeSettings } from '../harness/settings.ts';
import { signIn } from '../harness/signed-in.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { markdown } from './specs.ts';

const pipelineOf = (stages: readonly string[]) => ({
  letter: {
    inputs: [markdown('brief.md')],
    stages: stages.map((id, at) => ({
      id,
      runner: 'human',
      asks: `Do what ${id} says.`,
      inputs: ['brief.md'],
      artifacts: [markdown(`${id}.md`)],
      ...(at === stages.length - 1 ? { terminal: `after-${id}` } : {}),
    })),
  },
});

const BEGUN = ['think', 'type'];

describe('a pipeline of which, in the file alone,', () => {
  let place: PipelinePlace;
  let first: string;
  beforeAll(async () => {
    place = await openPipelinePlace(pipelineOf(BEGUN));
    await place.startWorker();
    first = await place.start({ pipeline: 'letter', slug: 'first', files: { 'brief.md': 'About the sea.' } });
  });
  afterAll(() => place.close());

  it.each([
    ['a stage is added', ['think', 'check', 'type']],
    ['one is given another name', ['ponder', 'check', 'type']],
    ['two change their places', ['check', 'ponder', 'type']],
    ['one is taken out', ['check', 'type']],
  ])('%s, is shown so by every door, and what is open keeps its own', async (_what, stages) => {
    const { stage } = place;
    const file = writeSettings(stage.folder, stage.taskQueue, { pipelines: pipelineOf(stages) });
    const api = await openApi(stage, { context: { settings: loadSettings(file) } });
    const slug = stages.join('-');
    const files = { 'brief.md': 'About the land.' };
    const { body } = await api.ask('POST', '/api/runs', { json: { pipeline: 'letter', slug, files } });
    const id = typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : '';
    const waits = await place.untilRun(id, 'waits', ({ run }) => run.state === 'waiting');
    expect(waits.run.stage).toBe(stages[0]);
    expect(await everyDoor(api, id)).toEqual({ api: stages, commandLine: stages, page: stages });
    const drawn = await oncepost(['pipelines', 'show', 'letter'], { ONCEPOST_SETTINGS: file });
    expect(firstSaid(drawn.stdout)).toEqual(stages);
    expect(await everyDoor(api, first)).toEqual({ api: BEGUN, commandLine: BEGUN, page: BEGUN });
    await api.close();
  });

  it('was changed while a worker ran, is followed by what Temporal starts once that worker is another', async () => {
    await place.restartWorker();
    const id = '20261128-090000-bare';
    await place.stage.temporal.workflow.start('pipeline', {
      workflowId: `pipeline/sandbox/${id}`,
      taskQueue: place.stage.taskQueue,
      args: [{ run: { pipeline: 'letter', slug: 'bare', files: { 'brief.md': 'About the land.' } } }],
    });
    await place.untilRunStarted(id);
    const view = await place.untilRun(id, 'waits', ({ run }) => run.state === 'waiting');
    expect(view.stages.map((stage) => stage.id)).toEqual(['check', 'type']);
    for (const stage of BEGUN) {
      await place.untilRun(first, `waits at ${stage}`, ({ run }) => run.stage === stage && run.state === 'waiting');
      const json = { files: { [`${stage}.md`]: 'It is done.' } };
      expect(await place.api.ask('POST', `/api/runs/${first}/submit`, { json })).toMatchObject({ status: 200 });
    }
    const ended = await place.untilRun(first, 'has ended', ({ run }) => run.state === 'ended');
    expect(ended.run.terminal).toBe('after-type');
  });

  /** The stages of a run, in their order, as each door shows them. */
  async function everyDoor(api: TestApi, id: string) {
    const view = runViewSchema.parse((await api.ask('GET', `/api/runs/${id}`)).body);
    const env = { ONCEPOST_DATA: place.stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key };
    const { stdout } = await oncepost(['runs', 'show', id], env);
    const person = await signIn(place.stage, api.url);
    const page = await (await person.get(`/runs/${id}`)).text();
    const [, listed = ''] = /aria-labelledby="h-stages">(.*?)<\/section>/s.exec(page) ?? [];
    return {
      api: view.stages.map((stage) => stage.id),
      commandLine: firstSaid(stdout.slice(stdout.indexOf('\n'), stdout.indexOf('Artifacts'))),
      page: firstSaid(listed),
    };
  }
});

/** The stages that a text names, in the order in which it does. */
function firstSaid(text: string): string[] {
  return [...new Set(text.match(/\b(?:think|ponder|check|type)\b/g))];
}
