// Starts one PostgreSQL and one Temporal server in a temporary folder, and a migrated database to copy from.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { migrate } from '../../src/ledger/database/migrate.ts';
import { startEmbeddedPostgres } from '../../src/local/postgres/postgres.ts';
import { startTemporalServer } from '../../src/local/temporal/temporal.ts';
import { findTemporalProgram } from '../../src/local/temporal/temporal-program.ts';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import { freePort } from './free-port.ts';

export const TEMPLATE_DATABASE = 'oncepost_template';

export interface TestServers {
  readonly postgresUrl: string;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string;
  readonly temporalMetricsUrl: string;
  readonly temporalProgram: string;
  stop(): Promise<void>;
}

const DYNAMIC_CONFIG = {
  'frontend.WorkflowTimeSkippingEnabled': 'true',
  // Whether an old version of the workers is drained is otherwise looked at every three minutes.
  'matching.wv.VersionDrainageStatusVisibilityGracePeriod': '"1s"',
  'matching.wv.VersionDrainageStatusRefreshInterval': '"1s"',
};

/** Starts both; time skipping is on. */
export async function startServers(say: (line: string) => void = console.log): Promise<TestServers> {
  const folder = await mkdtemp(join(tmpdir(), 'oncepost-servers-'));
  const settings = loadSettings(fileURLToPath(new URL('../../temporal.yaml', import.meta.url)));
  const program = await findTemporalProgram({ cacheHome: process.env.XDG_CACHE_HOME, onProgress: say });
  const database = await startEmbeddedPostgres({
    dataFolder: join(folder, 'pg'),
    port: await freePort(),
    onProgress: say,
  });
  const metricsPort = await freePort();
  const temporal = await startTemporalServer({
    program,
    dataFolder: join(folder, 'temporal'),
    port: await freePort(),
    uiPort: await freePort(),
    metricsPort,
    namespace: settings.namespace.name,
    searchAttributes: settings.searchAttributes,
    dynamicConfig: DYNAMIC_CONFIG,
    onProgress: say,
  });
  await makeTemplate(database.url);
  return {
    postgresUrl: database.url,
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    temporalMetricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    temporalProgram: program,
    async stop() {
      await temporal.stop();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes the migrated database that every stage copies. */
export async function makeTemplate(url: string): Promise<void> {
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${TEMPLATE_DATABASE}`);
  await admin.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE_DATABASE}`;
  await migrate(template.href);
}
