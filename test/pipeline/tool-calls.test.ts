// Stages whose effect outside must not happen twice by itself, over each runner: lost answers, workers that are killed, and people who
// are asked. The site's own record of what it did is the judge.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activityPageSchema } from '../../src/domain/audit/activity.ts';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { armCrash, crashPending } from '../harness/crash-file.ts';
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
        timeout: '1s',
        inputs: ['draft.md'],
        artifacts: [text('made.md')],
      },
      { id: 'read', runner: 'human', inputs: ['made.md'], artifacts: [text('read.md')], terminal: 'read' },
    ],
  };
}

describe.each(RUNNERS)('a stage of runner %s whose effect happens once', (runner) => {
  let site: EffectsSite;
  let place: PipelinePlace;
  beforeAll(async () => {
    site = await startEffectsSite();
    const pipelines = {
      looks: pipeline(runner, site, { effect: 'once', looks: true }),
      blind: pipeline(runner, site, { effect: 'once', looks: false }),
      keyed: pipeline(runner, site, { effect: 'idempotent', looks: false }),
    };
    place = await openPipelinePlace(pipelines, {
      mcp_servers: { effects: { url: site.mcpUrl } },
      'timeouts.send_window': '500ms',
      'timeouts.answer': '1s',
    });
    await place.startWorker();
  });
  afterAll(async () => {
    await place.close();
    await site.close();
  });

  let count = 0;
  /** A run that has come to the stage, with what the first call meets chosen before. */
  async function start(name: 'looks' | 'blind' | 'keyed', fault: EffectFault | null): Promise<string> {
    count += 1;
    const id = await place.start({ pipeline: name, slug: `${runner}-${count}`, files: BRIEF });
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

  it('is on record before it is asked for, and settled by the answer', async () => {
    const id = await start('looks', null);
    const view = await untilMade(id);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'answer']]);
    expect(site.effects(id)).toEqual([view.toolCalls[0]?.key]);
    expect(await audited(id)).toEqual(['tool_call.attempted', 'tool_call.succeeded']);
  });

  it.each(['done_no_answer', 'done_reset', 'done_garbled'] as const)(
    'is looked for after %s, found, and not asked for again',
    async (fault) => {
      const id = await start('looks', fault);
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
    const id = await start('looks', 'lost');
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
    const id = await start('looks', 'done_reset');
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

  it.each([
    ['before anything left, and is asked for once it is called absent', 'tool_call_recorded', [2, 'answer']],
    ['before the answer is saved, and is found', 'stage_done', [1, 'lookup']],
  ] as const)('meets a worker that is killed %s', async (_, point, [tries, by]) => {
    const id = await place.start({ pipeline: 'looks', slug: `${runner}-${point.replaceAll('_', '-')}`, files: BRIEF });
    await place.untilRun(id, 'waits at write', ({ run }) => run.state === 'waiting');
    armCrash(place.stage.folder, { point, scheduleId: id });
    await write(id);
    await until('the worker dies', async () => !crashPending(place.stage.folder));
    await place.restartWorker();
    const view = await untilMade(id);
    expect(site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', tries, by]]);
    expect(attemptsOf(view)).toEqual([
      [1, 'unknown'],
      [2, by === 'lookup' ? 'already_true' : 'succeeded'],
    ]);
  });

  it('that no worker came to is begun again without asking anybody', async () => {
    const id = await place.start({ pipeline: 'blind', slug: `${runner}-not-begun`, files: BRIEF });
    await place.untilRun(id, 'waits at write', ({ run }) => run.state === 'waiting');
    armCrash(place.stage.folder, { point: 'stage_opened', scheduleId: id });
    await write(id);
    await until('the worker dies', async () => !crashPending(place.stage.folder));
    await place.restartWorker();
    const view = await untilMade(id);
    expect(site.effects(id)).toHaveLength(1);
    expect(attemptsOf(view)).toEqual([
      [1, 'interrupted'],
      [2, 'succeeded'],
    ]);
  });

  it('asks a person where nobody can be asked: trying again does it again, by their word', async () => {
    const id = await start('blind', 'lost');
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
    const id = await start('blind', 'done_reset');
    await untilAsked(id);
    await say(id, 'submit', { stage: 'make', files: { 'made.md': 'It was made.\n' } });
    const view = await untilMade(id);
    expect(site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'person']]);
  });

  it('whose repeat is harmless is asked for again with the same key', async () => {
    const id = await start('keyed', 'done_reset');
    await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    await say(id, 'retry', {});
    const view = await untilMade(id);
    const [first, second] = site.effects(id);
    expect(first).toBe(second);
    expect(callsOf(view)).toEqual([['succeeded', 2, 'answer']]);
  });

  it('is not asked for again by a run that goes back and comes with the same inputs', async () => {
    const id = await start('looks', null);
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
