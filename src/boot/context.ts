// env -> settings -> context: what a process of ours works with, built once and passed down.
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type Logger, pino } from 'pino';
import { createSealer } from '../ledger/accounts/seal.ts';
import { assertClockAgrees } from '../ledger/database/clock-skew.ts';
import { type Connection, connect } from '../ledger/database/database.ts';
import { refusingDatabase } from '../ledger/database/database-refused.ts';
import { assertDurable } from '../ledger/database/durable.ts';
import { assertPrepared } from '../ledger/database/schema-version.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openMediaStore } from '../mediastore/open-store.ts';
import { loadPlatforms, type Platforms } from '../platforms/registry.ts';
import { sandboxUrlOf, withPractice } from '../practice/pipeline.ts';
import { type CrashPoints, noCrashPoints } from '../publishing/attempt/points.ts';
import { createTurnstile } from '../publishing/attempt/turnstile.ts';
import type { PublishingContext } from '../publishing/context.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { Env } from '../runtime/env.ts';
import { loadSettings } from '../runtime/settings/load-settings.ts';
import { type Settings, visibilityHorizonMsOf } from '../runtime/settings/settings.ts';
import { settingsFileOf } from '../runtime/settings/settings-file.ts';
import { SettingsRefused } from '../runtime/settings/settings-refused.ts';
import { StartRefused } from '../runtime/start-refused.ts';
import { tellError } from '../runtime/told-error.ts';
import { userAgent } from '../runtime/user-agent.ts';
import { createMcpDoor } from '../transport/mcp/door.ts';
import { createMediaSource } from '../transport/media.ts';
import type { Outbound } from '../transport/outbound.ts';
import { type ProxyRules, proxyChoice } from '../transport/proxy-choice.ts';
import { createTransport } from '../transport/send.ts';

/** Publishes that stand by for one account in a worker; whoever comes then waits in the account's queue. */
const MOST_STANDING = 2;

/** What tests may exchange; production takes the defaults. */
export interface Doors {
  readonly clock?: Clock;
  readonly points?: CrashPoints;
}

export interface Context extends PublishingContext {
  readonly env: Env;
  /** What holds for every call that leaves. */
  readonly outbound: Outbound;
  readonly connection: Connection;
  close(): Promise<void>;
}

/**
 * The settings file: named by the environment, else `temporal.yaml` at the root of the installation.
 * @throws StartRefused that names the file, the line and what is allowed
 */
export function settingsOf(env: Env, platforms: Platforms): Settings {
  try {
    const settings = loadSettings(settingsFileOf(env), [...platforms.keys()]);
    return env.ONCEPOST_PRACTICE ? withPractice(settings, sandboxUrlOf(env)) : settings;
  } catch (error) {
    if (!(error instanceof SettingsRefused)) throw error;
    const what = error.message.replace(/\.$/, '');
    throw new StartRefused(`${what}; nothing was started; correct it, then start again.`);
  }
}

/** Logs go to stderr as JSON lines; what a command prints for people goes to stdout. */
function openLog(env: Env): Logger {
  const options = { level: env.ONCEPOST_LOG_LEVEL, base: null, serializers: { err: tellError } };
  return pino(options, pino.destination({ dest: 2, sync: true }));
}

/**
 * Builds the context of a command, on a database that can be used.
 * @throws StartRefused when settings, address, key or database cannot be used; StartAgainLater when the database is away
 */
export async function createContext(env: Env, doors: Doors = {}): Promise<Context> {
  const context = await buildContext(env, doors);
  try {
    await assertUsable(context);
    return context;
  } catch (error) {
    await context.close();
    throw error;
  }
}

/**
 * Sees that the database is prepared for this version, keeps what it has committed, and agrees with this machine's clock.
 * @throws StartRefused when not; StartAgainLater when it is away
 */
export function assertUsable({ env, ledger }: Pick<Context, 'env' | 'ledger'>): Promise<void> {
  return refusingDatabase(databaseUrl(env), async () => {
    await assertPrepared(ledger.db);
    await assertDurable(ledger.db);
    await assertClockAgrees(ledger);
  });
}

/**
 * Builds the context of a process that stays; the database may be away.
 * @throws StartRefused when settings, address or key cannot be used
 */
export async function buildContext(env: Env, doors: Doors = {}): Promise<Context> {
  const platforms = await loadPlatforms();
  const settings = settingsOf(env, platforms);
  const log = openLog(env);
  const { connection, ledger } = openLedger(env, settings, doors.clock ?? systemClock);
  const outbound: Outbound = { userAgent, proxyFor: proxyChoice(proxyRules(env)) };
  const transport = createTransport(outbound);
  return {
    env,
    outbound,
    connection,
    ledger,
    transport,
    mcp: createMcpDoor({ servers: settings.mcpServers, transport, outbound, variables: env.forPrograms }),
    settings,
    log,
    platforms,
    media: createMediaSource({
      ...outbound,
      allowPrivateHosts: env.ONCEPOST_ALLOW_PRIVATE_MEDIA,
      timeoutMs: settings.timeouts.answerMs,
    }),
    store: openMediaStore({ env, secretKey: secretKeyOf(env), attemptMs: settings.timeouts.attemptMs }),
    points: doors.points ?? noCrashPoints,
    turnstile: createTurnstile({
      perAccount: MOST_STANDING,
      inAll: Math.ceil(settings.taskQueues.publish.maxConcurrentPublishes / 4),
    }),
    dataFolder: resolve(env.ONCEPOST_DATA),
    worker: `${hostname()}:${process.pid}`,
    random: Math.random,
    async close() {
      await transport.close();
      await connection.close();
    },
  };
}

function proxyRules(env: Env): ProxyRules {
  return {
    https: env.https_proxy ?? env.HTTPS_PROXY,
    http: env.http_proxy ?? env.HTTP_PROXY,
    except: env.no_proxy ?? env.NO_PROXY,
  };
}

function openLedger(env: Env, settings: Settings, clock: Clock): { connection: Connection; ledger: Ledger } {
  const url = databaseUrl(env);
  const key = secretKeyOf(env);
  const maxConnections = Math.min(settings.taskQueues.publish.maxConcurrentPublishes, 20);
  const connection = connect(url, { maxConnections });
  const { leaseMs } = settings.timeouts;
  const horizonMs = (platform: string) => visibilityHorizonMsOf(settings, platform);
  return { connection, ledger: { db: connection.db, clock, sealer: createSealer(key), leaseMs, horizonMs } };
}

function secretKeyOf({ ONCEPOST_SECRET_KEY }: Env): Uint8Array {
  return required(ONCEPOST_SECRET_KEY, 'ONCEPOST_SECRET_KEY', '32 random bytes in base64 that seal the grants');
}

function databaseUrl({ DATABASE_URL }: Env): string {
  return required(DATABASE_URL, 'DATABASE_URL', 'the address of PostgreSQL');
}

function required<Value>(value: Value | undefined, name: string, what: string): Value {
  if (value !== undefined) return value;
  throw new StartRefused(
    `${name} is not set (${what}); nothing was started; set it, or use "npm start", which brings its own.`,
  );
}
