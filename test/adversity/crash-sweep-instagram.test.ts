// A worker is killed at every point of every kind of post to Instagram; another takes over, and each post is live
// exactly once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_POINTS } from '../../src/publishing/attempt/points.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { auditBreak, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { instagramKinds, type PostKind } from './practice.ts';
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

describe('a worker that publishes to Instagram', () => {
  let stage: Stage;
  let media: MediaFiles;
  let kinds: PostKind[];
  let worker: TestProcess;
  let counted: Map<string, PointName[]>;
  beforeAll(async () => {
    stage = await openStage(SWEEP_SETTINGS);
    media = await serveMedia();
    kinds = instagramKinds(stage, media);
    worker = await stage.startWorker();
  });
  afterAll(async () => {
    await stage.close();
    await media.close();
  });

  it('comes by every point of the protocol and of the preparation', async () => {
    counted = await takeCensus(stage, kinds);
    const points = new Set([...counted.values()].flat().map((name) => name.split('#')[0]));
    const single = ['container_created', 'container_ready'];
    const carousel = ['child_created', 'child_ready', 'parent_created', 'parent_ready'];
    expect(points).toEqual(new Set([...PROTOCOL_POINTS, ...single, ...carousel]));
    expect(counted.get('Instagram carousel')?.slice(1, 7)).toEqual([
      'child_created#1',
      'child_created#2',
      'child_ready#1',
      'child_ready#2',
      'parent_created#1',
      'parent_ready#1',
    ]);
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
      'Instagram picture': [1],
      'Instagram picture under a grant about to expire': [1],
      'Instagram picture whose answer was lost': [1],
      'Instagram carousel': [3],
      'Instagram reel': [1],
    });
    expect(await auditBreak(stage)).toBeNull();
  }, 240_000);
});
