// A worker is killed at every point of every kind of post to a real Ghost; another takes over, and each post is live exactly
// once, without a draft beside it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_POINTS } from '../../src/publishing/attempt/points.ts';
import { type Ghost, startGhost } from '../ghost/start-ghost.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { auditBreak, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import type { PostKind } from './practice.ts';
import { ghostKinds } from './practice-ghost.ts';
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

/** A key has no end, so no grant is ever renewed. */
const RENEWAL = ['grant_renewed_unsaved', 'grant_saved'];

describe('a worker that publishes to Ghost', () => {
  let dataFolder: string;
  let ghost: Ghost;
  let stage: Stage;
  let media: MediaFiles;
  let kinds: PostKind[];
  let worker: TestProcess;
  let counted: Map<string, PointName[]>;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'ghost-sweep-'));
    ghost = await startGhost({ dataFolder });
    stage = await openStage({
      ...SWEEP_SETTINGS,
      'reconcile.visibility_horizon.ghost': '3s',
      'reconcile.spacing': '2s',
    });
    media = await serveMedia();
    kinds = ghostKinds(stage, ghost, (await ghost.owner.makeKey('Oncepost')).key, media);
    worker = await stage.startWorker();
  }, 240_000);
  afterAll(async () => {
    await stage.close();
    await media.close();
    await ghost.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('comes by every point of the protocol and of the preparation', async () => {
    counted = await takeCensus(stage, kinds);
    const points = new Set([...counted.values()].flat().map((name) => name.split('#')[0]));
    const protocol = PROTOCOL_POINTS.filter((point) => !RENEWAL.includes(point));
    expect(points).toEqual(new Set([...protocol, 'media_uploaded', 'draft_made', 'draft_saved']));
  });

  it('may die at any of them: another worker brings the post live, once', async () => {
    const standing = await startAll(stage, casesOf(kinds, counted));
    await untilAllStand(stage, standing, worker);
    await stage.startWorker();
    await worker.kill('SIGKILL');
    const ends = await endsOf(stage, standing);
    expect(ends).toEqual(standing.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    // The draft of the dead worker was used, or made room: none stands beside the post.
    expect(await madeOf(standing)).toEqual({
      'Ghost text': [1],
      'Ghost text whose answer was lost': [1],
      'Ghost post with a cover and a zone': [1],
    });
    expect(await auditBreak(stage)).toBeNull();
  }, 240_000);
});
