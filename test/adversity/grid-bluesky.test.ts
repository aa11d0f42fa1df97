// The lost-response grid on Bluesky: every fault of every call, on a real worker and a real PDS, which is the judge.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type Pds, startPds } from '../pds/start-pds.ts';
import { titleOf } from './grid/cell.ts';
import { BLUESKY_CELLS } from './grid/cells.ts';
import { expectAsWritten } from './grid/compare.ts';
import type { Ground } from './grid/ground.ts';
import type { PdsFault } from './grid/pds-faults.ts';
import { pdsGround } from './grid/pds-ground.ts';
import { type Played, playGrid } from './grid/run-grid.ts';
import { GRID_SETTINGS } from './grid/settings.ts';

/** Longer than any wait here, and shorter than a session lives. */
const SHIFT_MS = 15 * 60_000;

describe('a publish to Bluesky', () => {
  let dataFolder: string;
  let pds: Pds;
  let stage: Stage;
  let ground: Ground<PdsFault>;
  let played: Map<string, Played | Error>;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'oncepost-grid-pds-'));
    pds = await startPds({ dataFolder });
    await pds.createAccount('mentioned.test');
    stage = await openStage(GRID_SETTINGS);
    await stage.startWorker();
    ground = pdsGround(stage, pds, 'mentioned.test');
    played = await playGrid({ stage, ground, cells: BLUESKY_CELLS, atOnce: 15, shiftMs: SHIFT_MS });
  });
  afterAll(async () => {
    await ground.close();
    await stage.close();
    await pds.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('has cells that each say something of their own', () => {
    expect(new Set(BLUESKY_CELLS.map(titleOf)).size).toBe(BLUESKY_CELLS.length);
  });

  it.each(BLUESKY_CELLS.map((cell) => [titleOf(cell), cell] as const))('%s', (title, cell) => {
    expectAsWritten(cell, played.get(title));
  });

  it('leaves an audit chain that is whole', async () => {
    expect(await firstAuditBreak(stage.context.ledger.db, stage.workspaceId)).toBeNull();
  });
});
