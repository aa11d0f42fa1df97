// Every connection to the database goes dead at once, without a word, while publishes have questions on all of them: they
// are handed on, and when the database is back each of them is live, once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdAt } from '../harness/crash-file.ts';
import { type DatabaseWire, startDatabaseWire } from '../harness/database-wire.ts';
import { auditBreak, lawsOf, PUBLISHED_ONCE } from '../harness/outcome.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { sandboxKind } from './practice.ts';

const PUBLISHES = 30;
/** Before the call, after the permission to make it, and with an answer to save. */
const POINTS = ['attempt_opened', 'before_intent', 'after_intent', 'answered_unsaved'] as const;

/** Enough publishes for every connection of the pool; a lost worker is noticed as fast as on a laptop. */
const SETTINGS = {
  'task_queues.publish.max_concurrent_publishes': PUBLISHES,
  'timeouts.heartbeat': '5s',
  'timeouts.lease': '5s',
  'timeouts.send_window': '10s',
  'timeouts.answer': '10s',
} as const;

describe('while the wire to the database is dead', () => {
  let stage: Stage;
  let wire: DatabaseWire;
  beforeAll(async () => {
    stage = await openStage(SETTINGS);
    wire = await startDatabaseWire(stage.databaseUrl);
    await stage.startWorker({ DATABASE_URL: wire.databaseUrl });
  });
  afterAll(async () => {
    await stage.close();
    await wire.close();
  });

  it('30 publishes with all of the pool in flight: all go on when it is back, and nothing is live twice', async () => {
    const kind = sandboxKind(stage, { name: 'X text on a dead wire', platform: 'x', post: () => ({}) });
    const standing = await Promise.all(
      Array.from({ length: PUBLISHES }, async (_, index) => {
        const practice = await kind.open();
        const scheduleId = crypto.randomUUID();
        const hold = holdAt(stage.folder, { point: POINTS[index % POINTS.length] ?? '', scheduleId });
        return { practice, hold, scheduleId, publish: await stage.startPublish(practice.post, scheduleId) };
      }),
    );
    for (const { hold } of standing) await until('it stands at its point', () => hold.standing());
    const temporalHolds = async () => {
      const pending = await Promise.all(standing.map(({ publish }) => publish.describe()));
      return pending.map(({ raw }) => raw.pendingActivities?.[0]?.attempt ?? 0);
    };

    wire.goDead('both');
    for (const { hold } of standing) hold.release();
    // Nobody heartbeats for them any more, so that Temporal takes each away from the worker and hands it on.
    await until('all are handed on', async () => (await temporalHolds()).every((attempt) => attempt > 1));
    wire.recover();
    await Promise.all(standing.map(({ publish }) => publish.result()));

    for (const { scheduleId, practice } of standing) {
      expect(await lawsOf(stage, scheduleId, practice)).toEqual(PUBLISHED_ONCE);
    }
    expect(await auditBreak(stage)).toBeNull();
  });
});
