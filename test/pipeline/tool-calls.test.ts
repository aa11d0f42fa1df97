// Stages whose effect outside must not happen twice by itself, over each runner: lost answers, workers that are killed, and people who
// are asked. The site's own record of what it did is the judge.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activityPageSchema } from '../../src/domain/audit/activity.ts';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { holdAt } from '../harness/crash-file.ts';
import { until } from '../harness/until.ts';
import { type EffectFault, type EffectsSite, startEffectsSite } from './effects-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';

const BRIEF = { 'brief.md': 'Sea.' };
const text = (name: string) => ({ name, media_type: 'text/markdown' });

/** A program that asks the site; `path` is what it asks. */
const asks = (url: string, path: 'make' | 'look') => [
  'node',
  '-e',
  `let s='';process.stdin.on('data',d=>s+=d).on('end',async()=>{const told=JSON.parse(s);` +
    (path === 'make'
      ? `const a=await fetch('${url}/make',{method:'POST',body:s});`
      : `const a=await fetch('${url}/look?key='+told.stage.key);if(!a.ok)process.exit(1);`) +
    `console.log(await a.text())})`,
];

const RUNNERS = ['http', 'mcp', 'command'] as const;
type Runner = (typeof RUNNERS)[number];

/** As temporal.yaml writes the stage. */
function stageOf(runner: Runner, site: EffectsSite, { looks }: { readonly looks: boolean }): object {
  switch (runner) {
    case 'http':
      return {
        url: `${site.url}/make`,
        private_address: true,
        ...(looks ? { lookup_url: `${site.url}/look` } : {}),
      };
    case 'mcp':
      return { server: 'effects', tool: 'make', ...(looks ? { lookup: { server: 'effects', tool: 'was_made' } } : {}) };
    case 'command':
      return { command: asks(site.url, 'make'), ...(looks ? { lookup: asks(site.url, 'look') } : {}) };
  }
}

function pipeline(runner: Runner, site: EffectsSite, { effect, looks }: { effect: string; looks: boolean }) {
  return {
    inputs: [text('brief.md')],
    stages: [
      {
        id: 'write',
        runner: 'human',
        inputs: ['brief.md'],
        artifacts: [text('draft.md')],
      },
      {
        id: 'make',
        runner,
        ...stageOf(runner, site, { looks }),
        effect,
        timeout: '3s',
        inputs: ['draft.md'],
        artifacts: [text('made.md')],
      },
      { id: 'read', runner: 'human', inputs: ['made.md'], artifacts: [text('read.md')], terminal: 'read' },
    ],
  };
}

let site: EffectsSite;
let place: PipelinePlace;
beforeAll(async () => {
  site = await startEffectsSite();
  const pipelines = Object.fromEntries(
    RUNNERS.flatMap((runner) => [
      [`${runner}-looks`, pipeline(runner, site, { effect: 'once', looks: true })],
      [`${runner}-blind`, pipeline(runner, site, { effect: 'once', looks: false })],
      [`${runner}-keyed`, pipeline(runner, site, { effect: 'idempotent', looks: false })],
    ]),
  );
  place = await openPipelinePlace(pipelines, {
    mcp_servers: { effects: { url: site.mcpUrl } },
    'timeouts.send_window': '500ms',
    'timeouts.answer': '1s',
    'task_queues.stages.max_concurrent_stages': 40,
  });
  await place.startWorker();
});
afterAll(async () => {
  await place.close();
  await site.close();
});

let count = 0;
/** A run whose author has not written yet. */
async function begin(name: string): Promise<string> {
  count += 1;
  return place.start({ pipeline: name, slug: `${name}-${count}`, files: BRIEF });
}
/** A run that has come to the stage, with what the first call meets chosen before. */
async function start(name: string, fault: EffectFault | null): Promise<string> {
  const id = await begin(name);
  if (fault) site.fault(fault, id);
  await write(id);
  return id;
}
const write = (id: string) => say(id, 'submit', { stage: 'write', files: { 'draft.md': 'Waves.' } });
const say = async (id: string, word: string, json: object) =>
  expect(await place.api.ask('POST', `/api/runs/${id}/${word}`, { json })).toMatchObject({ status: 200 });
const untilMade = (id: string) => place.untilRun(id, 'has come to read', ({ run }) => run.stage === 'read');
const untilAsked = (id: string) => place.untilRun(id, 'is blocked', ({ run }) => run.state === 'blocked');
const callsOf = ({ toolCalls }: RunView) =>
  toolCalls.map(({ state, tries, settledBy }) => [state, tries, settledBy] as const);
const attemptsOf = ({ attempts }: RunView) =>
  attempts.filter(({ stage }) => stage === 'make').map(({ number, outcome }) => [number, outcome] as const);
const audited = async (id: string) => {
  const { run } = await place.look(id);
  const { body } = await place.api.ask('GET', `/api/activity?trace=${run.traceId}&limit=100`);
  const { events } = activityPageSchema.parse(body);
  return events.flatMap(({ type }) => (type.startsWith('tool_call.') ? [type] : [])).toReversed();
};

describe.each(RUNNERS)('a stage of runner %s whose effect happens once', (runner) => {
  it('is on record before it is asked for, and settled by the answer', async () => {
    const id = await start(`${runner}-looks`, null);
    const view = await untilMade(id);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'answer']]);
    expect(site.effects(id)).toEqual([view.toolCalls[0]?.key]);
    expect(await audited(id)).toEqual(['tool_call.attempted', 'tool_call.succeeded']);
  });

  it.each(['done_no_answer', 'done_reset', 'done_garbled'] as const)(
    'is looked for after %s, found, and not asked for again',
    async (fault) => {
      const id = await start(`${runner}-looks`, fault);
      const view = await untilMade(id);
      expect(site.effects(id)).toHaveLength(1);
      expect(callsOf(view)).toEqual([['succeeded', 1, 'lookup']]);
      expect(attemptsOf(view)).toEqual([
        [1, 'unknown'],
        [2, 'already_true'],
      ]);
      expect(await audited(id)).toEqual(['tool_call.attempted', 'tool_call.unknown', 'tool_call.succeeded']);
    },
  );

  it('that got lost is called absent by two looks after its time, and asked for once more', async () => {
    const id = await start(`${runner}-looks`, 'lost');
    const view = await untilMade(id);
    expect(site.effects(id)).toHaveLength(1);
    expect(site.looks(view.toolCalls[0]?.key ?? '')).toBeGreaterThanOrEqual(2);
    expect(callsOf(view)).toEqual([['succeeded', 2, 'answer']]);
    expect(await audited(id)).toEqual([
      'tool_call.attempted',
      'tool_call.unknown',
      'tool_call.failed',
      'tool_call.attempted',
      'tool_call.succeeded',
    ]);
  });

  it('that cannot be looked for yet is not asked for again meanwhile', async () => {
    site.blind = true;
    const id = await start(`${runner}-looks`, 'done_reset');
    const waits = await place.untilRun(
      id,
      'waits for a look',
      ({ run }) => run.state === 'waiting' && run.stage === 'make',
    );
    expect(waits.stages.find(({ id: stage }) => stage === 'make')?.says).toMatch(
      /^It may have taken effect, and that could not be told: .*It is looked again by itself\.$/,
    );
    site.blind = false;
    const view = await untilMade(id);
    expect(site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'lookup']]);
  });

  it('asks a person where nobody can be asked: trying again does it again, by their word', async () => {
    const id = await start(`${runner}-blind`, 'lost');
    const asked = await untilAsked(id);
    expect(asked.stages.find(({ id: stage }) => stage === 'make')?.cause?.code).toBe('outcome_unknown');
    expect(callsOf(asked)).toEqual([['unknown', 1, null]]);
    await say(id, 'retry', { note: 'It is not there.' });
    const view = await untilMade(id);
    expect(site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 2, 'answer']]);
    expect(await audited(id)).toEqual([
      'tool_call.attempted',
      'tool_call.unknown',
      'tool_call.failed',
      'tool_call.attempted',
      'tool_call.succeeded',
    ]);
  });

  it('asks a person where nobody can be asked: handing in its result settles it', async () => {
    const id = await start(`${runner}-blind`, 'done_reset');
    await untilAsked(id);
    await say(id, 'submit', { stage: 'make', files: { 'made.md': 'It was made.\n' } });
    const view = await untilMade(id);
    expect(site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'person']]);
  });

  it('whose repeat is harmless is asked for again with the same key', async () => {
    const id = await start(`${runner}-keyed`, 'done_reset');
    await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    await say(id, 'retry', {});
    const view = await untilMade(id);
    const [first, second] = site.effects(id);
    expect(first).toBe(second);
    expect(callsOf(view)).toEqual([['succeeded', 2, 'answer']]);
  });

  it('is not asked for again by a run that goes back and comes with the same inputs', async () => {
    const id = await start(`${runner}-looks`, null);
    await untilMade(id);
    await say(id, 'retry', { stage: 'write' });
    await write(id);
    const view = await untilMade(id);
    expect(site.effects(id)).toHaveLength(1);
    expect(attemptsOf(view)).toEqual([
      [1, 'succeeded'],
      [2, 'already_true'],
    ]);
    expect(await audited(id)).toEqual(['tool_call.attempted', 'tool_call.succeeded', 'tool_call.deduped']);
  });
});

/** Where the worker is killed, and what becomes of a call that was there, with a lookup. */
const KILLED = [
  { point: 'stage_opened', attempts: ['interrupted', 'succeeded'], call: ['succeeded', 1, 'answer'] },
  { point: 'tool_call_recorded', attempts: ['unknown', 'succeeded'], call: ['succeeded', 2, 'answer'] },
  { point: 'stage_done', attempts: ['unknown', 'already_true'], call: ['succeeded', 1, 'lookup'] },
  { point: 'stage_saved', attempts: ['succeeded'], call: ['succeeded', 1, 'answer'] },
] as const;

describe('stages whose effect happens once, under a worker that is killed', () => {
  it('come to one effect each, wherever they stood', async () => {
    const cases = await Promise.all(
      KILLED.flatMap((row) =>
        RUNNERS.map(async (runner) => {
          const id = await begin(`${runner}-looks`);
          await place.untilRun(id, 'waits at write', ({ run }) => run.state === 'waiting');
          const hold = holdAt(place.stage.folder, { point: row.point, scheduleId: `${id}.make` });
          await write(id);
          await until(`${id} stands at ${row.point}`, () => hold.standing() !== null);
          return { ...row, runner, id };
        }),
      ),
    );
    await place.restartWorker();
    for (const { id, runner, point, attempts, call } of cases) {
      const view = await untilMade(id);
      expect(site.effects(id), `${runner} at ${point}`).toHaveLength(1);
      expect(callsOf(view), `${runner} at ${point}`).toEqual([call]);
      expect(attemptsOf(view), `${runner} at ${point}`).toEqual(attempts.map((outcome, index) => [index + 1, outcome]));
    }
  });
});
