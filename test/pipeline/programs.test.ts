// Runs whose stages are programs: they go on by themselves, fail visibly, are tried again, and outlive the worker.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPipelinePlace, type PipelinePlace } from './place.ts';

const text = (name: string) => ({ name, media_type: 'text/markdown' });

/** A stage in a line of JavaScript; `told` is what it was told. */
const program = (code: string) => [
  'node',
  '-e',
  `let s='';process.stdin.on('data',d=>s+=d).on('end',()=>{const told=JSON.parse(s);${code}})`,
];
const answer = (expression: string) => `console.log(JSON.stringify(${expression}))`;

describe('a run of programs', () => {
  let folder: string;
  let place: PipelinePlace;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oncepost-programs-'));
    const gate = JSON.stringify(join(folder, 'gate'));
    const calls = JSON.stringify(join(folder, 'calls'));
    place = await openPipelinePlace({
      three: {
        inputs: [text('brief.md')],
        stages: [
          {
            id: 'upper',
            runner: 'command',
            command: program(
              answer(`{artifacts:{'upper.md':require('fs').readFileSync(told.inputs[0].path,'utf8').toUpperCase()}}`),
            ),
            inputs: ['brief.md'],
            artifacts: [text('upper.md')],
          },
          {
            id: 'twice',
            runner: 'command',
            command: program(
              answer(`{artifacts:{'twice.md':require('fs').readFileSync(told.inputs[0].path,'utf8').repeat(2)}}`),
            ),
            inputs: ['upper.md'],
            artifacts: [text('twice.md')],
            terminal: 'done',
          },
        ],
      },
      fails: {
        inputs: [text('brief.md')],
        stages: [
          {
            id: 'breaks',
            runner: 'command',
            command: program(
              `if(require('fs').existsSync(${gate}))${answer(`{artifacts:{'a.md':'mended'}}`)};else{console.error('the gate is not there');process.exit(3)}`,
            ),
            retry: { attempts: 2, first: '10ms' },
            inputs: ['brief.md'],
            artifacts: [text('a.md')],
            terminal: 'done',
          },
        ],
      },
      tells: {
        inputs: [text('brief.md')],
        stages: [
          {
            id: 'tells',
            runner: 'command',
            command: program(
              `const brief=require('fs').readFileSync(told.inputs[0].path,'utf8');` +
                answer(`{artifacts:{'told.md':''},evidence:{said:'a'.repeat(Number(brief))}}`),
            ),
            inputs: ['brief.md'],
            artifacts: [text('told.md')],
            terminal: 'done',
          },
        ],
      },
      slow: {
        inputs: [text('brief.md')],
        stages: ['none', 'once'].map((effect) => ({
          id: effect,
          runner: 'command',
          command: program(
            `require('fs').appendFileSync(${calls},told.run.id+' '+told.stage.id+' '+told.stage.attempt+'\\n');` +
              `if(told.stage.attempt===1)setTimeout(()=>{},60000);else ${answer(`{artifacts:{[told.stage.id+'.md']:'late'}}`)}`,
          ),
          effect,
          inputs: ['brief.md'],
          artifacts: [text(`${effect}.md`)],
          ...(effect === 'once' ? { terminal: 'done' } : {}),
        })),
      },
    });
    await place.startWorker();
  });
  afterAll(async () => {
    await place.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (pipeline: string, slug: string) => place.start({ pipeline, slug, files: { 'brief.md': 'sea ' } });
  const calls = async (id: string) =>
    (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n').filter((line) => line.startsWith(id));

  it('goes through its stages by itself', async () => {
    const id = await start('three', 'by-itself');
    const ended = await place.untilRun(id, 'is done', ({ run }) => run.state === 'ended');
    expect(ended.run.terminal).toBe('done');
    const { body } = await place.api.ask('GET', `/api/runs/${id}/artifacts/twice.md`);
    expect(body).toBe('SEA SEA ');
    expect(ended.artifacts.at(-1)?.inputs).toEqual({
      'upper.md': ended.artifacts.find(({ name }) => name === 'upper.md')?.sha256,
    });
  });

  it('keeps what a program tells beside what it makes, and of very much only its beginning', async () => {
    const toldOf = async (chars: number) => {
      const files = { 'brief.md': String(chars) };
      const id = await place.start({ pipeline: 'tells', slug: `tells-${chars}`, files });
      const { attempts } = await place.untilRun(id, 'is done', ({ run }) => run.state === 'ended');
      return attempts[0]?.evidence;
    };
    expect(await toldOf(3)).toEqual({ told: { said: 'aaa' } });
    expect(await toldOf(15_989)).toEqual({ told: { said: 'a'.repeat(15_989) } });
    expect(await toldOf(15_990)).toEqual({ told: `{"said":"${'a'.repeat(15_990)}"` });
  });

  it('tries a stage again as often as the contract says, then waits for a person, whose retry mends it', async () => {
    const id = await start('fails', 'mended');
    const failed = await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    expect(failed.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
    ]);
    expect(failed.stages[0]?.cause).toMatchObject({ code: 'program_failed', nextAction: 'mend_then_retry' });
    expect(failed.stages[0]?.cause?.raw).toContain('the gate is not there');
    await writeFile(join(folder, 'gate'), '');
    expect(await place.api.ask('POST', `/api/runs/${id}/retry`, { json: { note: 'mended' } })).toMatchObject({
      status: 200,
    });
    const ended = await place.untilRun(id, 'is done', ({ run }) => run.state === 'ended');
    expect(ended.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'succeeded'],
    ]);
  });

  it('outlives a worker that is killed inside a stage: what may be repeated is, and of what may not a person is asked', async () => {
    const id = await start('slow', 'killed');
    await place.untilRun(id, 'is at work', ({ run, attempts }) => run.stage === 'none' && attempts.length === 1);
    await place.untilCalled(() => calls(id), 1);
    await place.restartWorker();
    await place.untilCalled(() => calls(id), 3);
    expect(await calls(id)).toEqual([`${id} none 1`, `${id} none 2`, `${id} once 1`]);
    await place.restartWorker();
    const blocked = await place.untilRun(id, 'is blocked', ({ run }) => run.state === 'blocked');
    expect(blocked.stages.find(({ id: stage }) => stage === 'once')?.cause?.code).toBe('outcome_unknown');
    expect(await calls(id)).toHaveLength(3);
    expect(blocked.attempts.map(({ stage, number, outcome }) => [stage, number, outcome])).toEqual([
      ['none', 1, 'interrupted'],
      ['none', 2, 'succeeded'],
      ['once', 1, 'unknown'],
    ]);
    const files = { 'once.md': 'It had happened.' };
    expect(await place.api.ask('POST', `/api/runs/${id}/submit`, { json: { stage: 'once', files } })).toMatchObject({
      status: 200,
    });
    await place.untilRun(id, 'is done', ({ run }) => run.state === 'ended');
    expect(await calls(id)).toHaveLength(3);
  });
});
