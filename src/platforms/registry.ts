// Finds the adapters: every folder beside this file that holds an `adapter` module is a platform.
import { existsSync, readdirSync } from 'node:fs';
import { z } from 'zod';
import type { PlatformAdapter } from './contract.ts';

/** The adapters by platform name. */
export type Platforms = ReadonlyMap<string, PlatformAdapter>;

/** A platform folder does not hold what the contract asks for: a fault of the build, met at start. */
class BrokenPlatformFolder extends Error {
  override readonly name = 'BrokenPlatformFolder';
}

const moduleSchema = z.object({
  adapter: z.custom<PlatformAdapter>(
    (value) => z.object({ platform: z.string(), prepare: z.function(), create: z.function() }).safeParse(value).success,
  ),
});

/** Loads every adapter. The folder's name and the adapter's `platform` must be the same. */
export async function loadPlatforms(): Promise<Platforms> {
  const here = new URL('./', import.meta.url);
  const suffix = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const folders = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/adapter${suffix}`, here)))
    .map((entry) => entry.name);
  const adapters = await Promise.all(folders.map((folder) => loadAdapter(folder, here, suffix)));
  return new Map(adapters.map((adapter) => [adapter.platform, adapter]));
}

async function loadAdapter(folder: string, here: URL, suffix: string): Promise<PlatformAdapter> {
  const loaded = moduleSchema.safeParse(await import(new URL(`${folder}/adapter${suffix}`, here).href));
  if (!loaded.success || loaded.data.adapter.platform !== folder) {
    throw new BrokenPlatformFolder(`The platform folder "${folder}" does not export an adapter named "${folder}".`);
  }
  return loaded.data.adapter;
}
