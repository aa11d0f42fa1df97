// PostgreSQL goes away at every step of a publish and comes back: nothing is lost, and every post is live once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/local/postgres/postgres.ts';
import { census } from '../harness/crash-file.ts';
import { freePort } from '../harness/free-port.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { auditBreak, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { makeTemplate } from '../harness/servers.ts';
import { openStageOn, type Stage } from '../harness/stage-on.ts';
import { until } from '../harness/until.ts';
import { instagramKinds, sandboxKind, xKinds } from './practice.ts';
import {
  casesOf,
  endsOf,
  type Standing,
  SWEEP_SETTINGS,
  startAll,
  startOne,
  takeCensus,
  untilAllStand,
} from './sweep.ts';

/** Long enough for a call to leave during the outage, short enough for one that is lost to be found out. */
const SETTINGS = { ...SWEEP_SETTINGS, 'timeouts.send_window': '30s', 'timeouts.answer': '15s' } as const;

describe('while PostgreSQL is away', () => {
  let folder: string;
  let port: number;
  let database: EmbeddedPostgres;
  let stage: Stage;
  let media: MediaFiles;
  let worker: TestProcess;
  const startDatabase = () => startEmbeddedPostgres({ dataFolder: folder, port });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oncepost-outage-'));
    port = await freePort();
    database = await startDatabase();
    await makeTemplate(database.url);
    const servers = { postgresUrl: database.url, temporalAddress: inject('temporalAddress') };
    stage = await openStageOn(servers, SETTINGS);
    media = await serveMedia();
    worker = await stage.startWorker();
  });
  afterAll(async () => {
    await stage.close();
    await media.close();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Temporal has heard from the worker that the ledger cannot be reached. */
  async function hasComplained({ publish }: Standing): Promise<boolean> {
    const { raw } = await publish.describe();
    const failure = raw.pendingActivities?.[0]?.lastFailure;
    return failure?.applicationFailureInfo?.type === 'LedgerUnavailable';
  }

  it('stopped at any step: the publish goes on when it is back, with what the platform has said meanwhile', async () => {
    const kinds = [
      ...xKinds(stage, media),
      ...instagramKinds(stage, media).filter(({ name }) => name.endsWith('carousel')),
    ];
    const cases = casesOf(kinds, await takeCensus(stage, kinds));
    const others = await startAll(
      stage,
      cases.filter(({ at }) => at !== 'after_intent#1'),
    );
    await untilAllStand(stage, others, worker);
    // These come last, so that the outage begins well before their send deadline.
    const sending = await startAll(
      stage,
      cases.filter(({ at }) => at === 'after_intent#1'),
    );
    await untilAllStand(stage, sending, worker);
    const standing = [...others, ...sending];
    await database.stop();
    for (const { hold } of standing) hold.release();
    for (const one of sending) {
      await until(`it is live meanwhile: ${one.title}`, async () => (await one.practice.live()) === 1);
    }
    // What comes next at these points is written down before anything else happens.
    const stuck = standing.filter(({ title }) => /prepared|before_intent|_created|media_/.test(title));
    for (const one of stuck) await until(`it waits for the ledger: ${one.title}`, () => hasComplained(one));
    await until('an answer waits to be saved', () => worker.output().includes('saving again'));
    database = await startDatabase();
    expect(await endsOf(stage, standing)).toEqual(standing.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    expect(await auditBreak(stage)).toBeNull();
  }, 300_000);

  it('killed again and again under load, and asked for more meanwhile: every post is live once', async () => {
    const text = sandboxKind(stage, { name: 'X text under load', platform: 'x', post: () => ({}) });
    const all: Standing[] = [];
    const startSome = async (count: number) => {
      const cases = Array.from({ length: count }, () => startOne(stage, { kind: text, at: 'nowhere#1' }));
      const started = await Promise.all(cases);
      all.push(...started);
      return started;
    };
    const underWay = ({ publish }: Standing) => census(stage.folder, publish.scheduleId).includes('prepared');
    for (let round = 1; round <= 3; round += 1) {
      const some = await startSome(8);
      await until('some are under way', () => some.some(underWay));
      process.kill(database.pid, 'SIGKILL');
      database = await startDatabase();
    }
    expect(await endsOf(stage, all)).toEqual(all.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    expect(await auditBreak(stage)).toBeNull();
  }, 300_000);
});
