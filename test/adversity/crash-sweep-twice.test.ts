// The worker that takes over dies as well: a first crash and, on the way to recovery, a second one, in all combinations.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { armCrash, census, crashPending, holdAt } from '../harness/crash-file.ts';
import { auditBreak, lawsOf, PUBLISHED_ONCE } from '../harness/outcome.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { type CreateFault, type PostKind, sandboxKind } from './practice.ts';
import { endsOf, type Standing, SWEEP_SETTINGS, startOne, untilAllStand } from './sweep.ts';

const POINTS = [
  'after_intent',
  'request_sent',
  'answered_unsaved',
  'saved_unacknowledged',
  'reconcile_looked',
] as const;
type Point = (typeof POINTS)[number];

/** What keeps the first create from making a post, so that a second create has to follow: every point is met again. */
const LOST: Record<Point, CreateFault | undefined> = {
  after_intent: undefined,
  request_sent: 'lost_and_hangs',
  answered_unsaved: 'lost_behind_502',
  saved_unacknowledged: 'lost_behind_502',
  reconcile_looked: 'lost_behind_502',
};
/** The post is made before the first crash. Then only a look and a save may follow. */
const LIVE: Partial<Record<Point, CreateFault>> = {
  request_sent: 'commits_then_hangs',
  saved_unacknowledged: 'commits_then_resets',
  reconcile_looked: 'commits_then_resets',
};

interface Pair {
  readonly first: Point;
  readonly second: Point;
  readonly create: CreateFault | undefined;
}

const PAIRS: readonly Pair[] = [
  ...POINTS.flatMap((first) => POINTS.map((second): Pair => ({ first, second, create: LOST[first] }))),
  ...POINTS.filter((first) => first in LIVE).flatMap((first) =>
    (['reconcile_looked', 'saved_unacknowledged'] as const).map(
      (second): Pair => ({ first, second, create: LIVE[first] }),
    ),
  ),
];

describe('a worker that dies while it recovers what a dead worker left', () => {
  let stage: Stage;
  let text: PostKind;
  beforeAll(async () => {
    stage = await openStage(SWEEP_SETTINGS);
    text = sandboxKind(stage, { name: 'X text', platform: 'x', post: () => ({}) });
  });
  afterAll(() => stage.close());

  it('leaves a post that is live once, whatever the two points were', async () => {
    const first = await stage.startWorker();
    const standing = await Promise.all(
      PAIRS.map(({ first, create }) =>
        startOne(stage, { kind: text, at: `${first}#1`, ...(create ? { create } : {}) }),
      ),
    );
    await untilAllStand(stage, standing.map(withoutWaitingForThePost), first);
    const again = await Promise.all(PAIRS.map((pair, index) => standAgain(pair, standing[index])));
    const second = await stage.startWorker();
    await first.kill('SIGKILL');
    await untilAllStand(stage, again, second);
    await stage.startWorker();
    await second.kill('SIGKILL');
    const ends = await endsOf(stage, again);
    expect(ends).toHaveLength(31);
    expect(ends).toEqual(again.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    expect(await auditBreak(stage)).toBeNull();
  }, 240_000);

  it('dies in the very instant in which the request has left, and is replaced', async () => {
    const practice = await text.open();
    const scheduleId = randomUUID();
    await stage.startWorker();
    armCrash(stage.folder, { point: 'request_sent', scheduleId });
    const publish = await stage.startPublish(practice.post, scheduleId);
    await until('one of the workers died there', () => !crashPending(stage.folder));
    await stage.startWorker();
    await publish.result();
    expect(census(stage.folder, scheduleId)).toContain('request_sent');
    expect(await lawsOf(stage, scheduleId, practice)).toEqual(PUBLISHED_ONCE);
  });

  /** Arms the second point of a publish that stands at its first. */
  async function standAgain({ second }: Pair, standing: Standing | undefined): Promise<Standing> {
    if (!standing) throw new TypeError('every pair has its publish');
    const { practice, publish } = standing;
    const create = second === 'request_sent' ? ('commits_then_hangs' as const) : undefined;
    if (create) await practice.spoilCreate(create);
    const hold = holdAt(stage.folder, { point: second, scheduleId: publish.scheduleId });
    return { ...standing, create, hold, point: second, title: `${standing.title}, then at ${second}` };
  }

  function withoutWaitingForThePost(standing: Standing): Standing {
    const waits = standing.create === 'commits_then_hangs' || standing.create === 'lost_and_hangs';
    return waits ? standing : { ...standing, create: undefined };
  }
});
