// A worker is killed at every point of every kind of post to a real WordPress; another takes over, each post is live exactly
// once, and nothing is left beside it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_POINTS } from '../../src/publishing/attempt/points.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { auditBreak, PUBLISHED_ONCE } from '../harness/outcome.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { startWordpress, type Wordpress } from '../wordpress/start-wordpress.ts';
import type { PostKind } from './practice.ts';
import { wordpressKinds } from './practice-wordpress.ts';
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

/** An application password is never renewed. */
const NO_RENEWAL = ['grant_renewed_unsaved', 'grant_saved'];
const OWN_POINTS = ['media_uploaded', 'media_saved', 'draft_made', 'draft_saved'];

describe('a worker that publishes to WordPress', () => {
  let folder: string;
  let site: Wordpress;
  let stage: Stage;
  let media: MediaFiles;
  let kinds: PostKind[];
  let worker: TestProcess;
  let counted: Map<string, PointName[]>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wordpress-sweep-'));
    site = await startWordpress({ folder });
    stage = await openStage(SWEEP_SETTINGS);
    media = await serveMedia();
    kinds = wordpressKinds(stage, site, media);
    worker = await stage.startWorker();
  });
  afterAll(async () => {
    await stage.close();
    await media.close();
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('comes by every point of the protocol and of the preparation', async () => {
    counted = await takeCensus(stage, kinds);
    const points = new Set([...counted.values()].flat().map((name) => name.split('#')[0]));
    const expected = PROTOCOL_POINTS.filter((point) => !NO_RENEWAL.includes(point));
    expect(points).toEqual(new Set([...expected, ...OWN_POINTS]));
  });

  it('may die at any of them: another worker brings the post live, once', async () => {
    const standing = await startAll(stage, casesOf(kinds, counted));
    await untilAllStand(stage, standing, worker);
    await stage.startWorker();
    await worker.kill('SIGKILL');
    const ends = await endsOf(stage, standing);
    expect(ends).toEqual(standing.map(({ title }) => ({ title, ...PUBLISHED_ONCE })));
    // What the dead worker had made was found and used: one post each, and one upload where there is a picture.
    expect(await madeOf(standing)).toEqual({
      'WordPress text in a zone': [1],
      'WordPress text whose answer was lost': [1],
      'WordPress text with a cover': [2],
    });
    expect(await auditBreak(stage)).toBeNull();
  }, 240_000);
});
