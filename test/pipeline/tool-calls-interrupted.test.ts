// Stages whose effect outside must not happen twice by itself, when their worker is killed or their workflow is ended under them. The
// site's own record of what it did is the judge.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { holdAt } from '../harness/crash-file.ts';
import { until } from '../harness/until.ts';
import { attemptsOf, callsOf, type EffectsPlace, openEffectsPlace, RUNNERS } from './effects-place.ts';

let effects: EffectsPlace;
beforeAll(async () => {
  // A look that could not be read is not made again before somebody says so. A dozen calls at once may take their time.
  const settings = { 'reconcile.read_retry': '1h', 'reconcile.give_up_after': '2h' };
  const patient = { 'timeouts.send_window': '2s', 'timeouts.answer': '3s' };
  effects = await openEffectsPlace({ ...settings, ...patient }, '8s');
});
afterAll(() => effects.close());

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
          const id = await effects.begin(`${runner}-looks`);
          await effects.place.untilRun(id, 'waits at write', ({ run }) => run.state === 'waiting');
          const hold = holdAt(effects.place.stage.folder, { point: row.point, scheduleId: `${id}.make` });
          await effects.write(id);
          await until(`${id} stands at ${row.point}`, () => hold.standing() !== null);
          return { ...row, runner, id };
        }),
      ),
    );
    await effects.place.restartWorker();
    for (const { id, runner, point, attempts, call } of cases) {
      const view = await effects.untilMade(id);
      expect(effects.site.effects(id), `${runner} at ${point}`).toHaveLength(1);
      expect(callsOf(view), `${runner} at ${point}`).toEqual([call]);
      expect(attemptsOf(view), `${runner} at ${point}`).toEqual(attempts.map((outcome, index) => [index + 1, outcome]));
    }
  });
});

/** Ends the workflow of a run, and has the sweep find it: how the run stands then. */
async function terminated(id: string): Promise<RunView> {
  const { temporal, taskQueue } = effects.place.stage;
  await temporal.workflow.getHandle(`pipeline/sandbox/${id}`).terminate('by mistake');
  return until('the sweep found it', async () => {
    await temporal.workflow.execute('sweep', { workflowId: `sweep-${randomUUID()}`, taskQueue });
    const view = await effects.place.look(id);
    return (view.run.state === 'failed' || view.run.state === 'blocked') && view;
  });
}
const causeOf = ({ stages }: RunView) => stages.find(({ id }) => id === 'make')?.cause;

describe('a stage whose effect may have happened, when its workflow is terminated', () => {
  it.each(RUNNERS)(
    'while it waits for a look of runner %s, is looked for before a retry asks for it',
    async (runner) => {
      effects.site.blind = true;
      const id = await effects.start(`${runner}-looks`, 'done_reset');
      await effects.untilLooksAgain(id);
      const lost = await terminated(id);
      // Nobody was asked what became of the call.
      expect(causeOf(lost)?.code).toBe('fault');
      expect(callsOf(lost)).toEqual([['unknown', 1, null]]);

      await effects.say(id, 'retry', {});
      const rested = await effects.place.untilRun(id, 'waits again', ({ run }) => run.state === 'waiting');
      expect(effects.site.effects(id)).toHaveLength(1);
      expect(callsOf(rested)).toEqual([['unknown', 1, null]]);
      effects.site.blind = false;
      await effects.say(id, 'resume', {});
      const view = await effects.untilMade(id);
      expect(effects.site.effects(id)).toHaveLength(1);
      expect(callsOf(view)).toEqual([['succeeded', 1, 'lookup']]);
      expect(await effects.audited(id)).toEqual(['tool_call.attempted', 'tool_call.unknown', 'tool_call.succeeded']);
    },
  );

  it.each(RUNNERS)('while runner %s is at it, is looked for before a retry asks for it', async (runner) => {
    const id = await effects.start(`${runner}-looks`, 'done_no_answer');
    await until('it takes effect', () => effects.site.effects(id).length > 0);
    const lost = await terminated(id);
    expect([lost.run.state, causeOf(lost)?.code]).toEqual(['failed', 'fault']);
    expect(callsOf(lost)).toEqual([['unknown', 1, null]]);
    await effects.say(id, 'retry', {});
    const view = await effects.untilMade(id);
    expect(effects.site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'lookup']]);
  });

  it.each(RUNNERS)('while runner %s is at it, is asked about where nobody can look', async (runner) => {
    const id = await effects.start(`${runner}-blind`, 'done_no_answer');
    await until('it takes effect', () => effects.site.effects(id).length > 0);
    const lost = await terminated(id);
    expect([lost.run.state, causeOf(lost)?.code]).toEqual(['blocked', 'outcome_unknown']);
    await effects.say(id, 'submit', { stage: 'make', files: { 'made.md': 'It was made.\n' } });
    const view = await effects.untilMade(id);
    expect(effects.site.effects(id)).toHaveLength(1);
    expect(callsOf(view)).toEqual([['succeeded', 1, 'person']]);
  });
});
