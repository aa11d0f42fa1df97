// The lost-response grid on X: every fault of every call, on a real worker, with the sandbox's own record as the judge.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { titleOf } from './grid/cell.ts';
import { X_CELLS } from './grid/cells.ts';
import { expectAsWritten } from './grid/compare.ts';
import type { Ground } from './grid/ground.ts';
import { type Played, playGrid } from './grid/run-grid.ts';
import { openSandboxGround, type SandboxFault } from './grid/sandbox-ground.ts';
import { GRID_SETTINGS } from './grid/settings.ts';
import { X } from './grid/x-platform.ts';

/** X's longest wait is a day. */
const SHIFT_MS = 25 * 3_600_000;

describe('a publish to X', () => {
  let stage: Stage;
  let ground: Ground<SandboxFault>;
  let played: Map<string, Played | Error>;
  beforeAll(async () => {
    stage = await openStage(GRID_SETTINGS);
    await stage.startWorker();
    ground = await openSandboxGround(stage, X);
    played = await playGrid({ stage, ground, cells: X_CELLS, atOnce: 50, shiftMs: SHIFT_MS });
  });
  afterAll(async () => {
    await stage.close();
    await ground.close();
  });

  it('has cells that each say something of their own', () => {
    expect(new Set(X_CELLS.map(titleOf)).size).toBe(X_CELLS.length);
  });

  it.each(X_CELLS.map((cell) => [titleOf(cell), cell] as const))('%s', (title, cell) => {
    expectAsWritten(cell, played.get(title));
  });

  it('leaves an audit chain that is whole', async () => {
    expect(await firstAuditBreak(stage.context.ledger.db, stage.workspaceId)).toBeNull();
  });
});
