// What an operator can click in Temporal, at every stage of every kind, while it is at work: reset, start again in its place, terminate.
// What was done stays done once, or a person is asked, and each run comes to its end.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { holdAt } from '../harness/crash-file.ts';
import { auditBreak } from '../harness/outcome.ts';
import { until } from '../harness/until.ts';
import { atMost } from './grid/run-grid.ts';
import { openRunsPlace, type RunsPlace, STAGES } from './runs/kinds.ts';
import { SWEEP_SETTINGS } from './sweep.ts';

const AT_ONCE = 8;
/** How an attempt before the last may have ended. */
const FINE = ['succeeded', 'already_true', 'interrupted'];
const DEEDS = ['reset', 'started again', 'terminated'] as const;

interface Case {
  readonly deed: (typeof DEEDS)[number];
  readonly kind: string;
  readonly stage: string;
}
const CASES: readonly Case[] = DEEDS.flatMap((deed) =>
  Object.entries(STAGES).flatMap(([kind, stages]) => stages.map((stage) => ({ deed, kind, stage }))),
);

describe('a run whose workflow an operator touches in Temporal', () => {
  let runs: RunsPlace;
  beforeAll(async () => {
    runs = await openRunsPlace(SWEEP_SETTINGS);
    await runs.place.startWorker();
  });
  afterAll(() => runs.close());

  it('at any stage, does what it does once, or asks a person', async () => {
    const standing = await atMost(AT_ONCE, CASES, startOne);
    for (const { title, stands, meanwhile } of standing) {
      await until(`it stands: ${title}`, stands);
      await meanwhile;
    }
    await atMost(AT_ONCE, standing, async ({ id, deed }) => void (await DO[deed](id)));
    const terminated = standing.filter(({ deed }) => deed === 'terminated');
    await until('the sweep found what was terminated', async () => {
      await runs.sweep();
      const views = await atMost(AT_ONCE, terminated, ({ id }) => runs.place.look(id));
      return views.every(({ run }) => run.state === 'failed' || run.state === 'blocked');
    });
    const stopped = await atMost(AT_ONCE, terminated, async (one) => ({ ...one, view: await runs.place.look(one.id) }));
    expect(stopped.map(({ title, view }) => [title, view.run.state])).toEqual(
      terminated.map(({ title, kind }) => [title, isOnce(kind) ? 'blocked' : 'failed']),
    );
    for (const { release } of standing) release();
    await atMost(
      AT_ONCE,
      stopped.filter(({ kind }) => !isOnce(kind)),
      ({ id }) => runs.tryAgain(id),
    );
    const rested = await atMost(AT_ONCE, standing, async (one) => ({ ...one, view: await runs.tend(one.id) }));
    expect(rested.map((one) => asItRests(one, one.view))).toEqual(standing.map(asItShould));
    const posts = standing.filter(({ kind }) => kind === 'post').length;
    const found = standing.filter(({ kind }) => kind === 'found').length;
    expect([runs.site.creates(), runs.site.pages.size]).toEqual([posts, posts + found]);
    expect(await auditBreak(runs.place.stage)).toBeNull();
  }, 240_000);

  it('once it has ended, has nothing more to do, however often it is started', async () => {
    const id = runs.newId('http-none');
    await runs.start('http-none', id);
    const ended = await runs.tend(id);
    const handle = await startAgain(id);
    expect(await handle.result()).toMatchObject({ state: 'ended', terminal: 'done' });
    expect((await runs.place.look(id)).attempts).toEqual(ended.attempts);
    expect(runs.world.effects(id)).toHaveLength(1);
  });

  async function startOne({ deed, kind, stage }: Case) {
    const id = runs.newId(kind);
    const hold =
      stage === 'work'
        ? null
        : holdAt(runs.place.stage.folder, { point: 'stage_opened', scheduleId: `${id}.${stage}` });
    if (!hold) runs.world.hang(id);
    await runs.start(kind, id);
    return {
      id,
      deed,
      kind,
      title: `${kind}: ${stage} at work, ${deed}`,
      /** Its approval is given, where it stands behind it. */
      meanwhile: stage === 'publish' || stage === 'live_qa' ? runs.approve(id) : null,
      stands: () => (hold ? hold.standing() !== null : runs.world.effects(id).length > 0),
      release: () => hold?.release(),
    };
  }

  const workflowOf = (id: string) => runs.place.stage.temporal.workflow.getHandle(`pipeline/sandbox/${id}`);

  function startAgain(id: string) {
    return runs.place.stage.temporal.workflow.start('pipeline', {
      workflowId: `pipeline/sandbox/${id}`,
      taskQueue: runs.place.stage.taskQueue,
      args: [{ runId: id }],
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
    });
  }

  const DO = {
    'started again': startAgain,
    terminated: (id: string) => workflowOf(id).terminate('by mistake'),
    async reset(id: string) {
      const { events } = await workflowOf(id).fetchHistory();
      const first = (events ?? []).find((event) => event.workflowTaskCompletedEventAttributes);
      await runs.place.stage.temporal.workflowService.resetWorkflowExecution({
        namespace: 'default',
        workflowExecution: { workflowId: `pipeline/sandbox/${id}` },
        reason: 'an operator resets it',
        workflowTaskFinishEventId: first?.eventId ?? null,
        requestId: randomUUID(),
      });
    },
  } as const;

  /** An attempt that was at work may have been let finish, where it was not told before. */
  function asItRests({ id, title, kind }: { id: string; title: string; kind: string }, { run, attempts }: RunView) {
    const last = attempts.at(-1)?.outcome;
    const earlier = attempts.slice(0, -1).filter(({ outcome }) => outcome === null || !FINE.includes(outcome));
    const effects = runs.world.effects(id);
    return {
      title,
      state: run.state,
      last,
      earlier,
      ...(kind.endsWith('-idempotent') ? { keys: new Set(effects).size } : {}),
      ...(isOnce(kind) ? { times: effects.length } : {}),
    };
  }
});

const isOnce = (kind: string) => kind.endsWith('-once');

function asItShould({ title, kind }: { title: string; kind: string }) {
  return {
    title,
    state: isOnce(kind) ? 'blocked' : 'ended',
    last: isOnce(kind) ? 'unknown' : 'succeeded',
    earlier: [],
    ...(kind.endsWith('-idempotent') ? { keys: 1 } : {}),
    ...(isOnce(kind) ? { times: 1 } : {}),
  };
}
