// A worker is killed at every point of every kind of post to X; another takes over, and each post is live exactly once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_POINTS } from '../../src/publishing/attempt/points.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { auditBreak, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type PostKind, xKinds } from './practice.ts';
import {
  casesOf,
  endsOf,
  madeOf,
  type PointName,
  reconnectAndReplay,
  type Standing,
  SWEEP_SETTINGS,
  startAll,
  takeCensus,
  untilAllStand,
} from './sweep.ts';

/** X does not say which segments it holds. */
const MID_UPLOAD = new Set(['media_initialized', 'media_appended']);

describe('a worker that publishes to X', () => {
  let stage: Stage;
  let media: MediaFiles;
  let kinds: PostKind[];
  let worker: TestProcess;
  let counted: Map<string, PointName[]>;
  beforeAll(async () => {
    stage = await openStage(SWEEP_SETTINGS);
    media = await serveMedia();
    kinds = xKinds(stage, media);
    worker = await stage.startWorker();
  });
  afterAll(async () => {
    await stage.close();
    await media.close();
  });

  it('comes by every point of the protocol and of the preparation', async () => {
    counted = await takeCensus(stage, kinds);
    const points = new Set([...counted.values()].flat().map((name) => name.split('#')[0]));
    const preparation = ['media_initialized', 'media_appended', 'media_finalized', 'media_ready', 'media_described'];
    expect(points).toEqual(new Set([...PROTOCOL_POINTS, ...preparation]));
    expect(counted.get('X video')?.slice(1, 6)).toEqual([
      'media_initialized#1',
      'media_appended#1',
      'media_appended#2',
      'media_finalized#1',
      'media_ready#1',
    ]);
  });

  it('may die at any of them: another worker brings the post live, once', async () => {
    const standing = await startAll(stage, casesOf(kinds, counted));
    await untilAllStand(stage, standing, worker);
    await stage.startWorker();
    await worker.kill('SIGKILL');
    // X's refresh tokens work once: with the new grant lost on its way to the ledger, only a person can connect again.
    const disconnected = standing.filter(({ title }) => title.includes('grant_renewed_unsaved'));
    expect(disconnected).toHaveLength(1);
    for (const publish of disconnected) await reconnectAndReplay(stage, publish);
    const ends = await endsOf(stage, standing);
    expect(ends).toEqual(standing.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    // What the dead worker had made was used; an upload that broke off in its middle is begun again.
    const brokeOff = ({ kind, point }: Standing) => kind === 'X video' && MID_UPLOAD.has(point);
    expect(await madeOf(standing.filter(brokeOff))).toEqual({ 'X video': [2] });
    expect(await madeOf(standing.filter((one) => !brokeOff(one)))).toEqual({
      'X text': [0],
      'X text under a grant about to expire': [0],
      'X text whose answer was lost': [0],
      'X image': [1],
      'X video': [1],
    });
    expect(await auditBreak(stage)).toBeNull();
  }, 240_000);
});
