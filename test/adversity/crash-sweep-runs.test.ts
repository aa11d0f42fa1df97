// A worker is killed at every point of every kind of stage, and in the middle of what is done outside; another takes over. What was
// done stays done once, or a person is asked, and each run comes to its end with a row for each attempt.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { census, holdAt } from '../harness/crash-file.ts';
import { auditBreak } from '../harness/outcome.ts';
import { until } from '../harness/until.ts';
import { atMost } from './grid/run-grid.ts';
import { OUTSIDE_KINDS, openRunsPlace, type RunsPlace, STAGES } from './runs/kinds.ts';
import { SWEEP_SETTINGS } from './sweep.ts';

const OF_EVERY_STAGE = ['stage_opened', 'stage_done', 'files_kept', 'stage_saved'];
const OF_PUBLISH = ['nothing_stands', 'handed_over', 'taken_in_to_adopt', 'page_adopted'];
const KINDS = Object.keys(STAGES);
/** Kinds for which people do something. */
const ATTENDED = ['human', 'post', 'found'];
/** Runs that are asked about at the same time. */
const AT_ONCE = 8;

interface Case {
  readonly kind: string;
  readonly stage: string;
  /** `inside`: the effect is there, and its answer never comes. */
  readonly at: string;
}

describe('a worker that runs stages', () => {
  let runs: RunsPlace;
  const cases: Case[] = OUTSIDE_KINDS.map(({ name }) => ({ kind: name, stage: 'work', at: 'inside' }));
  beforeAll(async () => {
    runs = await openRunsPlace(SWEEP_SETTINGS);
    await runs.place.startWorker();
  });
  afterAll(() => runs.close());

  it('comes by every point of every kind of stage', async () => {
    await atMost(AT_ONCE, KINDS, async (kind) => {
      const id = runs.newId(kind);
      await runs.start(kind, id);
      expect((await runs.tend(id)).run.terminal).toBe('done');
      for (const stage of STAGES[kind] ?? []) {
        const points = [...new Set(census(runs.place.stage.folder, `${id}.${stage}`))];
        expect(points).toEqual(expect.arrayContaining(OF_EVERY_STAGE));
        cases.push(...points.map((at) => ({ kind, stage, at })));
      }
    });
    const points = new Set(cases.map(({ at }) => at));
    expect(points).toEqual(new Set([...OF_EVERY_STAGE, 'inside', 'tool_call_recorded', ...OF_PUBLISH]));
    cases.push({ kind: 'human', stage: 'write', at: 'run_message_answered' });
  });

  it('may die at any of them: what is done is done once, or a person is asked', async () => {
    const standing = await atMost(AT_ONCE, cases, startOne);
    const attended = standing.filter(({ kind }) => ATTENDED.includes(kind)).map(({ id }) => runs.tend(id));
    for (const { title, stands } of standing) await until(`it stands: ${title}`, stands);
    await runs.place.restartWorker();
    await Promise.all(attended);
    const rested = await atMost(AT_ONCE, standing, async (one) => ({ ...one, view: await runs.tend(one.id) }));
    expect(rested.map((one) => asItRests(one, one.view))).toEqual(standing.map(asItShould));
    const asked = rested.filter(({ view }) => view.run.state === 'blocked');
    await atMost(AT_ONCE, asked, async ({ id }) => {
      await runs.handIn(id);
      expect((await runs.tend(id)).run.terminal).toBe('done');
      expect(runs.world.effects(id).length).toBeLessThan(2);
    });
    const posts = standing.filter(({ kind }) => kind === 'post').length + 1;
    const found = standing.filter(({ kind }) => kind === 'found').length + 1;
    expect([runs.site.creates(), runs.site.pages.size]).toEqual([posts, posts + found]);
    expect(await auditBreak(runs.place.stage)).toBeNull();
  }, 240_000);

  async function startOne({ kind, stage, at }: Case) {
    const id = runs.newId(kind);
    const scheduleId = at === 'run_message_answered' ? id : `${id}.${stage}`;
    const hold = at === 'inside' ? null : holdAt(runs.place.stage.folder, { point: at, scheduleId, nth: 1 });
    if (!hold) runs.world.hang(id);
    await runs.start(kind, id);
    const stands = async () => {
      if (!hold) return runs.world.effects(id).length > 0;
      return hold.standing() !== null && (at !== 'handed_over' || (await runs.isPublished(id)));
    };
    return { id, kind, stage, at, title: `${kind}: ${stage}, killed at ${at}`, stands };
  }

  /** What is on record of the stage, and how often the world saw its effect, for those whose number counts. */
  function asItRests(
    { id, title, kind, stage }: Case & { id: string; title: string },
    { run, attempts, messages }: RunView,
  ) {
    const effects = runs.world.effects(id);
    return {
      title,
      state: run.state,
      attempts: attempts.filter((one) => one.stage === stage).map(({ outcome }) => outcome),
      ...(kind === 'human' ? { answers: messages.map(({ accepted }) => accepted) } : {}),
      ...(kind.endsWith('-idempotent') ? { keys: new Set(effects).size } : {}),
      ...(kind.endsWith('-once') ? { times: effects.length } : {}),
    };
  }
});

/** Saved is saved. What may be done again is; of what may not, a person is asked. */
function asItShould({ title, kind, at }: Case & { title: string }) {
  const saved = at === 'stage_saved' || at === 'run_message_answered';
  // What is not on record as called was not called.
  const asks = !saved && at !== 'stage_opened' && kind.endsWith('-once');
  // What was handed over went on without its stage.
  const done = kind === 'found' ? 'already_true' : 'succeeded';
  const again = at === 'handed_over' ? 'already_true' : done;
  return {
    title,
    state: asks ? 'blocked' : 'ended',
    attempts: saved ? [done] : asks ? ['unknown'] : ['interrupted', again],
    ...(kind === 'human' ? { answers: [true] } : {}),
    ...(kind.endsWith('-idempotent') ? { keys: 1 } : {}),
    ...(kind.endsWith('-once') ? { times: at === 'tool_call_recorded' ? 0 : 1 } : {}),
  };
}
