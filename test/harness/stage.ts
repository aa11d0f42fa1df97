// One stage per test file, on the run's shared servers.
import { inject } from 'vitest';
import type { SettingChanges } from './settings.ts';
import { openStageOn, type Stage } from './stage-on.ts';

// biome-ignore lint/performance/noBarrelFile: tests name one module of the harness, whether it needs vitest or not.
export { type Stage, WORKSPACE } from './stage-on.ts';

/** Opens a stage; close it in `afterAll`. */
export function openStage(changes: SettingChanges = {}): Promise<Stage> {
  return openStageOn({ postgresUrl: inject('postgresUrl'), temporalAddress: inject('temporalAddress') }, changes);
}
