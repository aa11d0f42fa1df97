// Which settings file counts.
import { join } from 'node:path';
import type { Env } from '../env.ts';
import { packageRoot } from '../package-root.ts';

/** The one that the environment names, else `temporal.yaml` at the root of the installation. */
export function settingsFileOf({ ONCEPOST_SETTINGS }: Pick<Env, 'ONCEPOST_SETTINGS'>): string {
  return ONCEPOST_SETTINGS ?? join(packageRoot, 'temporal.yaml');
}
