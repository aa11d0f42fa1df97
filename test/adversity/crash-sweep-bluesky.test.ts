// A worker is killed at every point of every kind of post to a real PDS; another takes over, and each post is live
// exactly once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_POINTS } from '../../src/publishing/attempt/points.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { auditBreak, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type Pds, startPds } from '../pds/start-pds.ts';
import type { PostKind } from './practice.ts';
import { blueskyKinds } from './practice-bluesky.ts';
import {
  casesOf,
  endsOf,
  madeOf,
  type PointName,
  SWEEP_SETTINGS,
  startAll,
  takeCensus,
  untilAllStand,
} from './sweep.ts';

describe('a worker that publishes to Bluesky', () => {
  let dataFolder: string;
  let pds: Pds;
  let stage: Stage;
  let media: MediaFiles;
  let kinds: PostKind[];
  let worker: TestProcess;
  let counted: Map<string, PointName[]>;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'bluesky-sweep-'));
    pds = await startPds({ dataFolder });
    stage = await openStage(SWEEP_SETTINGS);
    media = await serveMedia();
    kinds = blueskyKinds(stage, pds, media);
    worker = await stage.startWorker();
  });
  afterAll(async () => {
    await stage.close();
    await media.close();
    await pds.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('comes by every point of the protocol and of the preparation', async () => {
    counted = await takeCensus(stage, kinds);
    const points = new Set([...counted.values()].flat().map((name) => name.split('#')[0]));
    expect(points).toEqual(new Set([...PROTOCOL_POINTS, 'mention_resolved', 'media_uploaded']));
  });

  it('may die at any of them: another worker brings the post live, once', async () => {
    const standing = await startAll(stage, casesOf(kinds, counted));
    await untilAllStand(stage, standing, worker);
    await stage.startWorker();
    await worker.kill('SIGKILL');
    const ends = await endsOf(stage, standing);
    expect(ends).toEqual(standing.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    // What the dead worker had made was used.
    expect(await madeOf(standing)).toEqual({
      'Bluesky text with a mention': [0],
      'Bluesky text under a grant about to expire': [0],
      'Bluesky text whose answer was lost': [0],
      'Bluesky image': [1],
    });
    expect(await auditBreak(stage)).toBeNull();
  }, 240_000);
});
