// What `npm start` does: brings up PostgreSQL, Temporal and our own programs on one data folder, keeps them running, and stops
// them in the opposite order. Each of them may be killed at any time, and so may this process: the next start finds the rest.
import { join } from 'node:path';
import { packageRoot } from '../runtime/package-root.ts';
import type { StartRefused } from '../runtime/start-refused.ts';
import { checkPorts } from './check-ports.ts';
import { type ChildContext, childPart, endLeftChildren } from './child.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { type KeptPart, keepRunning, startFirst, type Watch } from './keep-running.ts';
import { postgresPart, temporalPart } from './local-servers.ts';
import { migrate } from './one-shot.ts';
import type { Part } from './part.ts';
import { PRACTICE_PUBLISHES, PRACTICE_RUNS, practiseOnce } from './practising.ts';
import { type SignInLink, signInLink } from './sign-in-link.ts';
import type { StartCommands, StartOptions } from './start-options.ts';

const program = join(packageRoot, 'bin', 'oncepost.mjs');
const ownCommands: StartCommands = {
  migrate: [program, 'migrate'],
  practice: [program, 'practice'],
  practiceRuns: [program, 'practice', '--runs'],
  signIn: [program, 'sign-in'],
  longRunning: { sandbox: [program, 'sandbox'], server: [program, 'server'], worker: [program, 'worker'] },
};
const readyMs = 180_000;

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const ignore = () => {};
const PARENT_LOOK_MS = 500;

/** All that one start holds. What is kept running is in starting order. */
interface Session {
  readonly options: StartOptions;
  readonly folder: DataFolder;
  readonly print: (line: string) => void;
  readonly stopping: AbortSignal;
  readonly watch: Watch;
  readonly servers: KeptPart[];
  readonly programs: KeptPart[];
  /** The making of the practice runs, which goes on beside everything else. */
  practising: Promise<void>;
}

/**
 * Starts everything and resolves once all of it has been stopped by Ctrl-C, SIGTERM or SIGHUP.
 * @throws StartRefused when something cannot start, or refuses to go on; everything has been stopped again by then.
 */
export async function runStart(options: StartOptions): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(); // a second Ctrl-C finds the stop under way and changes nothing
  for (const signal of stopSignals) process.on(signal, onSignal);
  const watch = options.endsWithParent ? watchParent(onSignal) : undefined;
  process.stdout.on('error', ignore); // the terminal may be gone, and stopping cleanly matters more
  try {
    const folder = await openDataFolder(options.dataFolder, options.secretKey);
    try {
      await runOn(folder, options, stop);
    } finally {
      await folder.lock.release();
    }
  } finally {
    clearInterval(watch);
    for (const signal of stopSignals) process.off(signal, onSignal);
    process.stdout.off('error', ignore);
  }
}

/** npm passes some signals on and dies of others without a word; either way nothing of ours may stay behind. */
function watchParent(onGone: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  return setInterval(() => process.ppid !== parent && onGone(), PARENT_LOOK_MS);
}

async function runOn(folder: DataFolder, options: StartOptions, stop: AbortController): Promise<void> {
  const print = options.print ?? console.log;
  const refusals: StartRefused[] = [];
  const onRefusal = (refusal: StartRefused) => {
    refusals.push(refusal);
    stop.abort();
  };
  const watch = { print, onRefusal };
  const session: Session = {
    options,
    folder,
    print,
    stopping: stop.signal,
    watch,
    servers: [],
    programs: [],
    practising: Promise.resolve(),
  };
  try {
    await bringUp(session);
    await untilAborted(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await session.practising;
    await stopAll(session);
  }
  for (const refusal of refusals) throw refusal;
}

async function bringUp(session: Session): Promise<void> {
  const { options, folder, print, stopping } = session;
  await endLeftChildren(folder.path);
  await checkPorts(options, folder.path);
  const databaseUrl = options.databaseUrl ?? (await bringUpPostgres(session));
  if (options.temporalAddress === undefined) {
    print('Starting Temporal');
    await bringUpServer(session, temporalPart(options, folder.path, print));
  }
  const environment = childEnvironment(options, folder, databaseUrl);
  const context: ChildContext = { dataFolder: folder.path, environment, print, readyMs };
  const commands = options.commands ?? ownCommands;
  print('Preparing the database');
  await migrate(commands.migrate, context, stopping);
  print(`Starting ${Object.keys(commands.longRunning).join(', ')}`);
  await bringUpPrograms(
    session,
    Object.entries(commands.longRunning).map(([name, args]) => childPart(name, args, context)),
  );
  await practiseOnce(PRACTICE_PUBLISHES, commands.practice, context, stopping);
  await announce(session, options.signsInByLink ? await signInLink(commands.signIn, environment) : null);
  session.practising = practiseRuns(session, commands.practiceRuns, context);
}

async function bringUpPostgres(session: Session): Promise<string> {
  const { options, folder, print } = session;
  let url = '';
  print('Starting PostgreSQL');
  await bringUpServer(
    session,
    postgresPart(options, folder.path, print, (served) => {
      url = served;
    }),
  );
  return url;
}

async function bringUpServer({ print, stopping, watch, servers }: Session, part: Part): Promise<void> {
  servers.push(keepRunning(part, await startFirst(part, print, stopping), watch));
  stopping.throwIfAborted();
}

/** Starts all of them at once; when one fails the others are given up too, and whatever runs by then is in the session. */
async function bringUpPrograms({ print, stopping, watch, programs }: Session, parts: readonly Part[]): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([stopping, failed.signal]);
  const failures: unknown[] = [];
  await Promise.all(
    parts.map(async (part) => {
      try {
        programs.push(keepRunning(part, await startFirst(part, print, signal), watch));
      } catch (error) {
        failures.push(error);
        failed.abort();
      }
    }),
  );
  for (const failure of failures) throw failure; // the first one is the cause, the others were given up for it
}

function childEnvironment(options: StartOptions, folder: DataFolder, databaseUrl: string): ChildContext['environment'] {
  const { temporalAddress, ports } = options;
  return {
    // An address of the user's own comes after it and wins.
    ...(temporalAddress === undefined ? { ONCEPOST_TEMPORAL_UI_URL: `http://127.0.0.1:${ports.temporalUi}` } : {}),
    ...options.environment,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress ?? `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: options.namespace,
    ONCEPOST_SECRET_KEY: folder.secretKey,
    ONCEPOST_DATA: folder.path,
    ONCEPOST_HOST: options.host,
    ONCEPOST_PORT: String(options.ports.server),
    ONCEPOST_SANDBOX_PORT: String(options.ports.sandbox),
  };
}

/** The runs go through all their stages, which takes some seconds: nobody waits for them. */
async function practiseRuns(session: Session, args: readonly string[], context: ChildContext): Promise<void> {
  const { options, print, stopping } = session;
  try {
    const made = await practiseOnce(PRACTICE_RUNS, args, context, stopping);
    if (made) print(`Practice     three runs of a pipeline: ${serverUrl(options)}/runs`);
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}

function serverUrl({ host, ports }: StartOptions): string {
  const reached = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${ports.server}`;
}

async function announce({ options, folder, print }: Session, link: SignInLink | null): Promise<void> {
  const { ports } = options;
  const server = serverUrl(options);
  await folder.lock.note(server);
  print('');
  print(`Oncepost     ${server}`);
  if (link) print(`Sign in      ${link.url ?? link.failed}`);
  print(`API docs     ${server}/docs`);
  if (options.temporalAddress === undefined) print(`Temporal UI  http://127.0.0.1:${ports.temporalUi}`);
  print(`Sandbox      http://127.0.0.1:${ports.sandbox}`);
  print(`Data         ${folder.path}`);
  print('Ctrl-C stops everything; what is under way goes on at the next start.');
}

/** Programs first, so that none loses its servers while it works; then Temporal, then PostgreSQL. */
async function stopAll({ print, servers, programs }: Session): Promise<void> {
  if (programs.length + servers.length === 0) return;
  print('Stopping; a publish that is in its one call is let finish first');
  await Promise.all(programs.map((part) => part.stop()));
  for (const server of servers.toReversed()) await server.stop();
  print('Stopped');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
