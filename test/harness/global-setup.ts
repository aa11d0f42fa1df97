// Starts one PostgreSQL and one Temporal server for the whole run, and a migrated database to copy from.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/ledger/migrate.ts';
import { freePort } from '../../src/runtime/ports.ts';
import { startEmbeddedPostgres } from '../../src/runtime/servers/postgres.ts';
import { startTemporalServer } from '../../src/runtime/servers/temporal.ts';
import { findTemporalProgram } from '../../src/runtime/servers/temporal-program.ts';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    temporalAddress: string;
    temporalUiUrl: string;
    temporalProgram: string;
  }
}

export const TEMPLATE_DATABASE = 'oncepost_template';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'oncepost-test-'));
  const settings = loadSettings(new URL('../../temporal.yaml', import.meta.url).pathname);
  const say = (line: string) => console.log(line);
  const program = await findTemporalProgram({ cacheHome: process.env.XDG_CACHE_HOME, onProgress: say });
  const database = await startEmbeddedPostgres({ dataFolder: join(folder, 'pg'), port: await freePort(), onProgress: say });
  const temporal = await startTemporalServer({
    program,
    dataFolder: join(folder, 'temporal'),
    port: await freePort(),
    uiPort: await freePort(),
    namespace: settings.namespace.name,
    searchAttributes: settings.searchAttributes,
    dynamicConfig: { 'frontend.WorkflowTimeSkippingEnabled': 'true' },
    onProgress: say,
  });
  await makeTemplate(database.url);
  project.provide('postgresUrl', database.url);
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalUiUrl', temporal.uiUrl);
  project.provide('temporalProgram', program);
  return async () => {
    await temporal.stop();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(url: string): Promise<void> {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${TEMPLATE_DATABASE}`);
  await admin.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE_DATABASE}`;
  await migrate(template.href);
}
