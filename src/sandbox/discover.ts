// Finds the stand-ins by looking at the folders beside this file: a new platform is a new folder, and no edit here.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StandIn } from './contract.ts';

const here = new URL('./', import.meta.url);

/** Every stand-in in the tree, by platform. */
export async function discoverStandIns(): Promise<Map<string, StandIn>> {
  const standIns = new Map<string, StandIn>();
  for (const entry of readdirSync(here, { withFileTypes: true })) {
    const file = ['ts', 'js']
      .map((extension) => new URL(`${entry.name}/stand-in.${extension}`, here))
      .find((candidate) => entry.isDirectory() && existsSync(fileURLToPath(candidate)));
    if (!file) continue;
    const { standIn }: { standIn: StandIn } = await import(file.href);
    standIns.set(standIn.platform, standIn);
  }
  return standIns;
}
