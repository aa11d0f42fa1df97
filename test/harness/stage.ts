// One stage per test file, on the run's shared servers.
import { inject } from 'vitest';
import type { SettingChanges } from './settings.ts';
import { openStageOn, type Stage } from './stage-on.ts';

export type { Stage } from './stage-on.ts';

/** Opens a stage; close it in `afterAll`. `more`: variables of its environment beside its own. */
export function openStage(changes: SettingChanges = {}, more: Readonly<Record<string, string>> = {}): Promise<Stage> {
  return openStageOn({ postgresUrl: inject('postgresUrl'), temporalAddress: inject('temporalAddress') }, changes, more);
}
