// The local Temporal server with its UI: the dev server on loopback with its store in the data folder, outliving the process
// that started it. A start adopts the one that runs with the same settings, or starts it again on the same store.
import { spawn } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LogFile, lastLines, openLog } from '../../runtime/log-file.ts';
import { assertPortFree, type PortUse, portRefused } from '../../runtime/ports.ts';
import {
  findProcess,
  identify,
  isRunning,
  type ProcessIdentity,
  type RunningCommand,
  stopProcess,
  untilGone,
} from '../../runtime/processes.ts';
import type { SearchAttributeType } from '../../runtime/settings/settings.ts';
import { diskFull, refusingFullDisk, StartRefused, tellsFullDisk } from '../../runtime/start-refused.ts';
import { namespaceReady } from './temporal-namespace.ts';
import { markStoreWhole, prepareStore, storePlace } from './temporal-store.ts';

/** `program`: from findTemporalProgram. `dynamicConfig`: server settings, values as JSON text. Ports are on 127.0.0.1. */
export interface TemporalServerOptions {
  readonly program: string;
  readonly dataFolder: string;
  readonly port: number;
  readonly uiPort: number;
  readonly metricsPort?: number;
  readonly namespace: string;
  readonly retentionMs?: number;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeType>>;
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  readonly onProgress?: (line: string) => void;
}

/** A serving Temporal. `address` is host:port of its frontend. `adopted`: it ran already. */
export interface TemporalServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  readonly adopted: boolean;
  exited(): Promise<void>;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const startPatienceMs = 60_000;
const adoptPatienceMs = 10_000;
const stopSteps = [{ signal: 'SIGTERM', waitMs: 20_000 }] as const;

/**
 * Starts or adopts the Temporal server of a data folder, and waits until its frontend answers for the namespace.
 * @throws StartRefused for a port in use, a full disk, or a server that won't come up.
 */
export function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  return refusingFullDisk(options.dataFolder, () => startOrAdopt(options));
}

async function startOrAdopt(options: TemporalServerOptions): Promise<TemporalServer> {
  await mkdir(options.dataFolder, { recursive: true, mode: 0o700 });
  const dataFolder = await realpath(options.dataFolder);
  const store = storeArgs(dataFolder);
  const args = ['server', 'start-dev', ...store, ...settingsOf(options)];
  const adopted = await adoptOrStop(options, store, args);
  if (adopted === undefined) await prepareStore(dataFolder);
  const server = adopted ?? (await launch(options, dataFolder, args));
  await markStoreWhole(dataFolder);
  return {
    address: `${host}:${options.port}`,
    uiUrl: `http://${host}:${options.uiPort}`,
    pid: server.pid,
    adopted: adopted !== undefined,
    exited: async () => {
      await untilGone(server);
    },
    stop: () => stopProcess(server, stopSteps),
  };
}

function settingsOf(options: TemporalServerOptions): readonly string[] {
  const pairs = (flag: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    ...['--port', String(options.port), '--ui-port', String(options.uiPort), '--namespace', options.namespace],
    ...(options.metricsPort === undefined ? [] : ['--metrics-port', String(options.metricsPort)]),
    ...['--log-level', 'error', '--disable-config-file', '--disable-config-env', '--ui-disable-news-fetch'],
    ...pairs('--search-attribute', options.searchAttributes),
    // Without this the server asks a machine on the internet for newer versions of itself.
    // With fairness the server deals tasks evenly between workspaces, however many of them one has waiting.
    ...pairs('--dynamic-config-value', {
      'frontend.enableServerVersionCheck': 'false',
      'matching.enableFairness': 'true',
      ...options.dynamicConfig,
    }),
  ];
}

function portsOf({ port, uiPort }: TemporalServerOptions): readonly PortUse[] {
  return [
    { port, host, purpose: 'Temporal', variable: 'ONCEPOST_TEMPORAL_PORT' },
    { port: uiPort, host, purpose: 'the Temporal UI', variable: 'ONCEPOST_TEMPORAL_UI_PORT' },
  ];
}

/** The ports among these that the running server of this data folder holds already. */
export async function temporalPortsHeld(dataFolder: string, ports: readonly number[]): Promise<readonly number[]> {
  const command = serverOf(storeArgs(await realpath(dataFolder)))?.command ?? '';
  return ports.filter((port) => command.includes(` --port ${port} `) || command.includes(` --ui-port ${port} `));
}

function storeArgs(dataFolder: string): readonly string[] {
  return [...storePlace(dataFolder).args, '--ip', host];
}

function serverOf(store: readonly string[]): RunningCommand | undefined {
  return findProcess(` server start-dev ${store.join(' ')} `);
}

/** The server from before when it runs with these very settings and answers; otherwise it is stopped. */
async function adoptOrStop(
  options: TemporalServerOptions,
  store: readonly string[],
  args: readonly string[],
): Promise<ProcessIdentity | undefined> {
  const running = serverOf(store);
  if (running === undefined) return undefined;
  const same = running.command.trim() === [options.program, ...args].join(' ');
  if (same && (await untilReady(options, running, adoptPatienceMs))) return running;
  options.onProgress?.('Stopping the Temporal server of an earlier start');
  await stopProcess(running, stopSteps);
  return undefined;
}

async function launch(
  options: TemporalServerOptions,
  dataFolder: string,
  args: readonly string[],
): Promise<ProcessIdentity> {
  const log = openLog(join(dataFolder, 'logs', 'temporal.log'));
  const { cwd } = storePlace(dataFolder);
  for (const use of portsOf(options)) await assertPortFree(use);
  // Detached, so that neither Ctrl-C in our terminal nor our own death takes running publishes' server with it.
  const child = spawn(options.program, args, { cwd, detached: true, stdio: ['ignore', log.fd, log.fd] });
  log.close();
  child.on('error', () => {}); // no process: told below
  child.unref();
  const server = child.pid === undefined ? undefined : identify(child.pid);
  if (server !== undefined) {
    if (await untilReady(options, server, startPatienceMs)) return server;
    await stopProcess(server, stopSteps);
  }
  throw refusedStart(options, log);
}

async function untilReady(
  options: TemporalServerOptions,
  server: ProcessIdentity,
  patienceMs: number,
): Promise<boolean> {
  const patience = AbortSignal.timeout(patienceMs);
  while (!patience.aborted && isRunning(server)) {
    if (await namespaceReady(`${host}:${options.port}`, options)) return isRunning(server);
    await pause(100);
  }
  return false;
}

function refusedStart(options: TemporalServerOptions, log: LogFile): StartRefused {
  const said = log.sinceOpened();
  if (tellsFullDisk(said)) return diskFull(options.dataFolder);
  const taken = portsOf(options).find(({ port }) => new RegExp(`\\b${port}\\b.*address already in use`).test(said));
  if (taken !== undefined) return portRefused(taken, 'EADDRINUSE');
  return new StartRefused(
    `The Temporal server did not come up (its log ${log.path} ends: ${lastLines(said, 2)}); its store is kept; repair what the log names and start again, or set TEMPORAL_ADDRESS to a Temporal of your own.`,
  );
}
