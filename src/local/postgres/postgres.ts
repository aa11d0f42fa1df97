// The embedded PostgreSQL: a real server on loopback that outlives the process that started it. A start adopts the one that
// runs already, or makes, repairs and starts it; whatever was killed before, the data stays.
import { spawn } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LogFile, lastLines, openLog } from '../../runtime/log-file.ts';
import { assertPortFree, type PortUse, portRefused } from '../../runtime/ports.ts';
import { readIfThere } from '../../runtime/private-file.ts';
import { identify, isRunning, type ProcessIdentity, stopProcess, untilGone } from '../../runtime/processes.ts';
import { diskFull, refusingFullDisk, StartRefused, tellsFullDisk } from '../../runtime/start-refused.ts';
import { chooseAccount, type PostgresAccount } from './postgres-account.ts';
import {
  type ClusterPaths,
  clusterExists,
  clusterPassword,
  clusterPaths,
  createCluster,
  databaseUser,
} from './postgres-cluster.ts';
import { askPostgres, ensureDatabase } from './postgres-probe.ts';
import { findPostgresProgram } from './postgres-program.ts';
import { listensOn, removeStaleLock, runningServer, serverArgs } from './postgres-running.ts';

/** `dataFolder` is made when missing. `onProgress` gets lines for a person. */
export interface PostgresOptions {
  readonly dataFolder: string;
  readonly port: number;
  readonly onProgress?: (line: string) => void;
}

/** A serving PostgreSQL. `url` holds the password. `adopted`: it ran already. `exited` resolves when its process is gone. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly pid: number;
  readonly adopted: boolean;
  exited(): Promise<void>;
  stop(): Promise<void>;
}

/** All that one start knows. */
interface Start {
  readonly paths: ClusterPaths;
  readonly account: PostgresAccount;
  readonly program: string;
  readonly use: PortUse;
  readonly maintenanceUrl: string;
  readonly onProgress: (line: string) => void;
}

const databaseName = 'oncepost';
const startPatienceMs = 60_000;
const adoptPatienceMs = 10_000;
const stopSteps = [
  { signal: 'SIGINT', waitMs: 30_000 }, // fast shutdown: open transactions are rolled back, all is written
  { signal: 'SIGQUIT', waitMs: 5_000 }, // immediate shutdown: repaired from the write-ahead log at the next start
] as const;

/**
 * Starts or adopts the embedded PostgreSQL of a data folder and sees that the database `oncepost` is there.
 * @throws StartRefused for a port in use, a full disk, missing programs, a newer data folder, or a server that won't come up.
 */
export function startEmbeddedPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  return refusingFullDisk(options.dataFolder, () => startOrAdopt(options));
}

async function startOrAdopt(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const onProgress = options.onProgress ?? (() => {});
  const program = await findPostgresProgram();
  await mkdir(options.dataFolder, { recursive: true, mode: 0o700 });
  const paths = clusterPaths(await realpath(options.dataFolder));
  const exists = await clusterExists(paths, program.major);
  const account = await chooseAccount(program.postgres, paths.dataFolder, paths.cluster);
  const password = await clusterPassword(paths, exists);
  const start: Start = {
    paths,
    account,
    program: program.postgres,
    use: { port: options.port, host: '127.0.0.1', purpose: 'PostgreSQL', variable: 'ONCEPOST_POSTGRES_PORT' },
    maintenanceUrl: urlOf(password, options.port, 'postgres'),
    onProgress,
  };
  const running = await adoptOrStop(start);
  if (running === undefined) {
    await assertPortFree(start.use);
    if (!exists) {
      onProgress('Creating the database (first start, a few seconds)');
      await createCluster(program, account, paths, password);
    }
  }
  const server = running ?? (await launch(start));
  await ensureDatabase(start.maintenanceUrl, databaseName);
  return {
    url: urlOf(password, options.port, databaseName),
    pid: server.pid,
    adopted: running !== undefined,
    exited: async () => {
      await untilGone(server);
    },
    stop: () => stopProcess(server, stopSteps),
  };
}

/** The address of the database that a start made in this folder, whether or not it serves; undefined where there is none. */
export async function embeddedDatabaseUrl(dataFolder: string, port: number): Promise<string | undefined> {
  const password = (await readIfThere(clusterPaths(resolve(dataFolder)).password))?.trim();
  return password ? urlOf(password, port, databaseName) : undefined;
}

function urlOf(password: string, port: number, database: string): string {
  return `postgresql://${databaseUser}:${password}@127.0.0.1:${port}/${database}`;
}

/** Our server from before when it serves on the wanted port; otherwise it is stopped. */
async function adoptOrStop(start: Start): Promise<ProcessIdentity | undefined> {
  const { paths, use } = start;
  const running = runningServer(paths.cluster);
  if (running === undefined) {
    await removeStaleLock(paths.lockFile);
    return undefined;
  }
  if (listensOn(running, use.port) && (await untilReady(start, running, adoptPatienceMs))) return running;
  start.onProgress('Stopping the PostgreSQL of an earlier start');
  await stopProcess(running, stopSteps);
  return undefined;
}

/** Starts the server, again if needed while helpers of a killed one still hold its shared memory. */
async function launch(start: Start): Promise<ProcessIdentity> {
  const deadline = AbortSignal.timeout(20_000);
  for (;;) {
    const log = openLog(start.paths.log);
    const server = spawnServer(start, log);
    if (server !== undefined) {
      if (await untilReady(start, server, startPatienceMs)) return server;
      if (isRunning(server)) await stopProcess(server, stopSteps);
    }
    const said = log.sinceOpened();
    if (!said.includes('pre-existing shared memory block') || deadline.aborted) throw refusedStart(start, said);
    await pause(250);
  }
}

function spawnServer({ account, program, paths, use }: Start, log: LogFile): ProcessIdentity | undefined {
  const settings = ['unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC', 'log_checkpoints=off'];
  const call = account.call(program, [
    ...serverArgs(paths.cluster),
    ...['-p', String(use.port)],
    ...settings.flatMap((setting) => ['-c', setting]),
  ]);
  // Detached, so that neither Ctrl-C in our terminal nor our own death takes the database with it.
  const child = spawn(call.command, call.args, {
    ...account.user,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  log.close();
  child.on('error', () => {}); // no process: the caller sees that, and says what the log says
  child.unref();
  return child.pid === undefined ? undefined : identify(child.pid);
}

/** Waits for our server; false when it died, another one answered, or nobody answered for `patienceMs`. */
async function untilReady(start: Start, server: ProcessIdentity, patienceMs: number): Promise<boolean> {
  let patience = AbortSignal.timeout(patienceMs);
  let quiet = AbortSignal.timeout(5_000);
  while (!patience.aborted && isRunning(server)) {
    const answer = await askPostgres(start.maintenanceUrl, start.paths.cluster);
    if (answer === 'ready') return true;
    if (answer === 'foreign') return false;
    if (answer === 'starting') patience = AbortSignal.timeout(patienceMs);
    if (quiet.aborted) {
      start.onProgress('Waiting for PostgreSQL, which may be repairing itself after it was stopped without warning');
      quiet = AbortSignal.timeout(5_000);
    }
    await pause(50);
  }
  return false;
}

function refusedStart({ paths, use }: Start, said: string): StartRefused {
  if (tellsFullDisk(said)) return diskFull(paths.dataFolder);
  if (said.includes('Address already in use')) return portRefused(use, 'EADDRINUSE');
  return new StartRefused(
    `PostgreSQL did not come up (its log ${paths.log} ends: ${lastLines(said, 2)}); the data in ${paths.cluster} is kept; repair what the log names and start again, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}
