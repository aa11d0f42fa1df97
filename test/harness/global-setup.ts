// Starts the servers once for the whole run and tells every test file where they are.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startServers } from './servers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    temporalAddress: string;
    temporalUiUrl: string;
    temporalProgram: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Hundreds of our processes are started, each with the same modules: Node keeps them compiled, for this run alone.
  const compiled = await mkdtemp(join(tmpdir(), 'oncepost-compiled-'));
  process.env.NODE_COMPILE_CACHE = compiled;
  const servers = await startServers();
  project.provide('postgresUrl', servers.postgresUrl);
  project.provide('temporalAddress', servers.temporalAddress);
  project.provide('temporalUiUrl', servers.temporalUiUrl);
  project.provide('temporalProgram', servers.temporalProgram);
  return async () => {
    await servers.stop();
    await rm(compiled, { recursive: true, force: true });
  };
}
