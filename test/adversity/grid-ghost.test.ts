// The lost-response grid on Ghost: every fault of every call, on a real worker and a real Ghost, which is the judge.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { type Ghost, startGhost } from '../ghost/start-ghost.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { titleOf } from './grid/cell.ts';
import { GHOST_CELLS } from './grid/cells.ts';
import { expectAsWritten } from './grid/compare.ts';
import type { GhostFault } from './grid/ghost-faults.ts';
import { ghostGround } from './grid/ghost-ground.ts';
import type { Ground } from './grid/ground.ts';
import { type Played, playGrid } from './grid/run-grid.ts';
import { GRID_SETTINGS } from './grid/settings.ts';

/** Longer than any wait here; Ghost, whose clock stays, takes our tokens for ones of the future then. */
const SHIFT_MS = 6 * 60_000;

describe('a publish to Ghost', () => {
  let dataFolder: string;
  let ghost: Ghost;
  let stage: Stage;
  let ground: Ground<GhostFault>;
  let played: Map<string, Played | Error>;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'oncepost-grid-ghost-'));
    ghost = await startGhost({ dataFolder });
    stage = await openStage(GRID_SETTINGS);
    await stage.startWorker();
    const { key } = await ghost.owner.makeKey('Oncepost');
    ground = ghostGround(stage, ghost, key);
    played = await playGrid({ stage, ground, cells: GHOST_CELLS, atOnce: 15, shiftMs: SHIFT_MS });
  }, 600_000);
  afterAll(async () => {
    await ground.close();
    await stage.close();
    await ghost.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('has cells that each say something of their own', () => {
    expect(new Set(GHOST_CELLS.map(titleOf)).size).toBe(GHOST_CELLS.length);
  });

  it.each(GHOST_CELLS.map((cell) => [titleOf(cell), cell] as const))('%s', (title, cell) => {
    expectAsWritten(cell, played.get(title));
  });

  it('leaves an audit chain that is whole', async () => {
    expect(await firstAuditBreak(stage.context.ledger.db, stage.workspaceId)).toBeNull();
  });
});
