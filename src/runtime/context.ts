// env -> settings -> context: what a process of ours works with, built once and passed down.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { type Connection, connect } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createSealer } from '../ledger/seal.ts';
import { loadPlatforms } from '../platforms/registry.ts';
import type { PublishingContext } from '../publishing/context.ts';
import { type CrashPoints, noCrashPoints } from '../publishing/points.ts';
import { createMediaSource } from '../transport/media.ts';
import { createTransport } from '../transport/send.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Env } from './env.ts';
import { packageRoot } from './package-root.ts';
import { loadSettings } from './settings/load-settings.ts';
import type { Settings } from './settings/settings.ts';
import { StartRefused } from './start-refused.ts';
import { tellError } from './told-error.ts';

/** What tests may exchange; production takes the defaults. */
export interface Doors {
  readonly clock?: Clock;
  readonly points?: CrashPoints;
}

export interface Context extends PublishingContext {
  readonly env: Env;
  readonly connection: Connection;
  close(): Promise<void>;
}

/** The settings file: named by the environment, else `temporal.yaml` at the root of the installation. */
export function settingsOf(env: Env): Settings {
  return loadSettings(env.ONCEPOST_SETTINGS ?? join(packageRoot, 'temporal.yaml'));
}

/** Logs go to stderr as JSON lines; what a command prints for people goes to stdout. */
function openLog(env: Env): Logger {
  const options = { level: env.ONCEPOST_LOG_LEVEL, base: null, serializers: { err: tellError } };
  return pino(options, pino.destination({ dest: 2, sync: true }));
}

/** Builds the context of a server or worker. @throws StartRefused when an address or the key is missing */
export async function createContext(env: Env, doors: Doors = {}): Promise<Context> {
  const settings = settingsOf(env);
  const log = openLog(env);
  const maxConnections = settings.taskQueues.publish.maxConcurrentPublishes;
  const connection = connect(required(env.DATABASE_URL, 'DATABASE_URL', 'the address of PostgreSQL'), {
    maxConnections: Math.min(maxConnections, 20),
  });
  const ledger: Ledger = {
    db: connection.db,
    clock: doors.clock ?? systemClock,
    sealer: createSealer(
      required(env.ONCEPOST_SECRET_KEY, 'ONCEPOST_SECRET_KEY', '32 random bytes in base64 that seal the grants'),
    ),
    leaseMs: settings.timeouts.leaseMs,
  };
  const transport = createTransport();
  return {
    env,
    connection,
    ledger,
    transport,
    settings,
    log,
    platforms: await loadPlatforms(),
    media: createMediaSource({
      allowPrivateHosts: env.ONCEPOST_ALLOW_PRIVATE_MEDIA,
      timeoutMs: settings.timeouts.answerMs,
    }),
    points: doors.points ?? noCrashPoints,
    worker: `${hostname()}:${process.pid}`,
    random: Math.random,
    async close() {
      await transport.close();
      await connection.close();
    },
  };
}

function required<Value>(value: Value | undefined, name: string, what: string): Value {
  if (value !== undefined) return value;
  throw new StartRefused(
    `${name} is not set (${what}); nothing was started; set it, or use "npm start", which brings its own.`,
  );
}
