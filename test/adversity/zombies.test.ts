// A worker is frozen past its heartbeat and its lease, another one takes over, and then the first one wakes: one post,
// and nothing the sleeper does late changes anything.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewFault } from '../../src/sandbox/control.ts';
import { armCrash, census, crashPending, holdAt } from '../harness/crash-file.ts';
import { auditBreak, lawsOf, outcomeOf, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { type SandboxPractice, sandboxKind } from './practice.ts';

/** The answer is awaited for so long that the sleeper reads it when it wakes. */
const SETTINGS = { 'timeouts.answer': '1m' } as const;

interface Sleeper {
  readonly name: string;
  readonly practice: SandboxPractice;
  readonly scheduleId: string;
  release(): void;
}

describe('a worker that was frozen', () => {
  let stage: Stage;
  let frozen: TestProcess;
  beforeEach(async () => {
    stage = await openStage(SETTINGS);
    frozen = await stage.startWorker();
  });
  afterEach(() => stage.close());

  /** Brings a publish to stand at a point of the worker that will be frozen. */
  async function sleeperAt(point: string, create?: NewFault['fault'], name = point): Promise<Sleeper> {
    const practice = await sandboxKind(stage, { name, platform: 'x', post: () => ({}) }).open();
    if (create) await practice.meet(create);
    const scheduleId = crypto.randomUUID();
    const hold = holdAt(stage.folder, { point, scheduleId });
    await stage.startPublish(practice.post, scheduleId);
    await until(`it stands at ${point}`, () => hold.standing() === frozen.child.pid);
    return { name, practice, scheduleId, release: hold.release };
  }

  /** Has the worker freeze at a point of one more publish. */
  async function armedAt(point: string): Promise<Sleeper> {
    const practice = await sandboxKind(stage, { name: `${point} at once`, platform: 'x', post: () => ({}) }).open();
    const scheduleId = crypto.randomUUID();
    armCrash(stage.folder, { point, scheduleId, signal: 'SIGSTOP' });
    await stage.startPublish(practice.post, scheduleId);
    await until(`it is frozen at ${point}`, () => !crashPending(stage.folder));
    return { name: `${point} at once`, practice, scheduleId, release: () => {} };
  }

  /** Wakes the frozen worker, lets it finish what it was at, and sees it stop. */
  async function wake(sleepers: readonly Sleeper[]): Promise<void> {
    for (const sleeper of sleepers) sleeper.release();
    frozen.child.kill('SIGCONT');
    await frozen.kill('SIGTERM');
    expect(frozen.child.exitCode).toBe(0);
  }

  // A frozen worker's polls stay open: Temporal hands it tasks that it does not take, until each of them times out.
  const untilLive = ({ name, scheduleId, practice }: Sleeper) => {
    const live = async () => (await outcomeOf(stage, scheduleId, practice)).state === 'published';
    return until(`${name} is live`, live, 180_000);
  };
  const outcomes = (sleepers: readonly Sleeper[]) =>
    Promise.all(sleepers.map(({ scheduleId, practice }) => outcomeOf(stage, scheduleId, practice)));
  /** The points it came by after it woke. */
  const pointsAfter = ({ scheduleId }: Sleeper, point: string) => {
    const all = census(stage.folder, scheduleId, frozen.child.pid);
    return all.slice(all.indexOf(point) + 1);
  };
  it('finds its post published by another, and its late word changes nothing', async () => {
    const beforeIntent = await sleeperAt('before_intent');
    const afterIntent = await sleeperAt('after_intent');
    const answering = await sleeperAt('request_sent', { kind: 'commit_then_slow', ms: 5_000 });
    const answered = await sleeperAt('answered_unsaved');
    const refused = await sleeperAt('answered_unsaved', { kind: 'refuse_before', preset: 'invalid_url' }, 'refused');
    // The last one freezes the worker in the very instant in which its request has left.
    const instant = await armedAt('request_sent');
    const sleepers = [beforeIntent, afterIntent, answering, answered, refused, instant];
    await stage.startWorker();
    for (const sleeper of sleepers) await untilLive(sleeper);
    const before = await outcomes(sleepers);
    await wake(sleepers);
    expect(await outcomes(sleepers)).toEqual(before);
    for (const { scheduleId, practice } of sleepers) {
      expect(await lawsOf(stage, scheduleId, practice)).toEqual(PUBLISHED_ONCE);
    }
    // It had permission to send, and woke after its deadline: the one create is the successor's, under its own intent.
    expect(await outcomes([afterIntent])).toMatchObject([{ intents: ['absent', 'live'], creates: 1 }]);
    expect(pointsAfter(afterIntent, 'after_intent')).not.toContain('request_sent');
    expect(pointsAfter(beforeIntent, 'before_intent')).toEqual([]);
    expect(pointsAfter(answering, 'request_sent')).toEqual(['answered_unsaved', 'saved_unacknowledged']);
    expect(pointsAfter(answered, 'answered_unsaved')).toEqual(['saved_unacknowledged']);
    expect(pointsAfter(refused, 'answered_unsaved')).toEqual(['saved_unacknowledged']);
    expect(await auditBreak(stage)).toBeNull();
  }, 300_000);

  it('leaves the account to its successor when it wakes in the middle of the takeover', async () => {
    const sleepers = {
      before_intent: await sleeperAt('before_intent'),
      after_intent: await sleeperAt('after_intent'),
      answered_unsaved: await sleeperAt('answered_unsaved'),
    };
    const successorAt = (point: string, { scheduleId }: Sleeper) => holdAt(stage.folder, { point, scheduleId });
    const successors = [
      successorAt('prepared', sleepers.before_intent),
      successorAt('reconcile_looked', sleepers.after_intent),
      successorAt('reconcile_looked', sleepers.answered_unsaved),
    ];
    await stage.startWorker();
    frozen.child.kill('SIGSTOP');
    for (const hold of successors) await until('the successor stands', () => hold.standing(), 180_000);
    const all = Object.values(sleepers);
    await wake(all);
    for (const hold of successors) hold.release();
    for (const sleeper of all) {
      await untilLive(sleeper);
      await until('every attempt has ended', async () => !(await outcomes([sleeper]))[0]?.attempts.includes(null));
      expect(await lawsOf(stage, sleeper.scheduleId, sleeper.practice)).toEqual(PUBLISHED_ONCE);
    }
    expect(await auditBreak(stage)).toBeNull();
  }, 300_000);
});
