// The lost-response grid on WordPress: every fault of every call, on a real worker and a real site, which is the judge.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { startWordpress, type Wordpress } from '../wordpress/start-wordpress.ts';
import { titleOf } from './grid/cell.ts';
import { WORDPRESS_CELLS } from './grid/cells.ts';
import { expectAsWritten } from './grid/compare.ts';
import type { Ground } from './grid/ground.ts';
import { type Played, playGrid } from './grid/run-grid.ts';
import { GRID_SETTINGS } from './grid/settings.ts';
import type { SiteFault } from './grid/site-faults.ts';
import { siteGround } from './grid/site-ground.ts';

const SHIFT_MS = 15 * 60_000;
const SETTINGS = { ...GRID_SETTINGS, 'reconcile.visibility_horizon.wordpress': '3s' } as const;

describe('a publish to WordPress', () => {
  let folder: string;
  let site: Wordpress;
  let stage: Stage;
  let ground: Ground<SiteFault>;
  let played: Map<string, Played | Error>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oncepost-grid-wordpress-'));
    site = await startWordpress({ folder });
    stage = await openStage(SETTINGS);
    await stage.startWorker();
    ground = siteGround(stage, site);
    played = await playGrid({ stage, ground, cells: WORDPRESS_CELLS, atOnce: 12, shiftMs: SHIFT_MS });
  });
  afterAll(async () => {
    await ground.close();
    await stage.close();
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('has cells that each say something of their own', () => {
    expect(new Set(WORDPRESS_CELLS.map(titleOf)).size).toBe(WORDPRESS_CELLS.length);
  });

  it.each(WORDPRESS_CELLS.map((cell) => [titleOf(cell), cell] as const))('%s', (title, cell) => {
    expectAsWritten(cell, played.get(title));
  });

  it('leaves one post of each publish on the site, drafts and the bin included', async () => {
    const titles = (await site.posts()).map(({ title }) => title).filter((title) => title.startsWith('Title of cell-'));
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  it('leaves an audit chain that is whole', async () => {
    expect(await firstAuditBreak(stage.context.ledger.db, stage.workspaceId)).toBeNull();
  });
});
