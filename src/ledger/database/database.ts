// The connection to PostgreSQL, and the error every caller meets when it is down.
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

export type Database = PostgresJsDatabase;
/** An open transaction; everything the ledger writes goes through one. */
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0];

export interface Connection {
  readonly db: Database;
  close(): Promise<void>;
}

/** The library's own pauses grow to 20 s, and publishes would wait that long for a database that is back already. */
const RECONNECT_PAUSE_S = 0.5;

/** A process that stands still inside a transaction holds locks that others wait for: the server ends it after this. */
const STALLED_MS = 10_000;

/** Opens a pool on a `postgres://` address. Nothing is connected until the first query. */
export function connect(url: string, options: { readonly maxConnections: number }): Connection {
  const client = postgres(url, {
    max: options.maxConnections,
    connect_timeout: 5,
    backoff: () => RECONNECT_PAUSE_S,
    idle_timeout: 60,
    // drizzle reads and writes arrays itself; the driver's own question would fail where nobody listens.
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: 'oncepost', idle_in_transaction_session_timeout: STALLED_MS },
  });
  return { db: drizzle(preparing(client), { casing: 'snake_case' }), close: () => client.end({ timeout: 5 }) };
}

/** A query of a pool that is built once: to build a wide one takes longer than to ask it. */
export function builtOnce<Query>(build: (db: Database) => Query): (db: Database) => Query {
  const built = new WeakMap<Database, Query>();
  return (db) => {
    const query = built.get(db) ?? build(db);
    built.set(db, query);
    return query;
  };
}

/**
 * The same client, but every statement is prepared once per connection: drizzle sends each anew, which costs a round
 * trip to describe it and a plan, every time.
 */
function preparing<Client extends object>(client: Client): Client {
  return new Proxy(client, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      if (name === 'unsafe') {
        return (query: string, parameters?: unknown[], options?: object) =>
          member.call(target, query, parameters, { ...options, prepare: true });
      }
      if (name === 'begin') return (work: Work) => begin(member.bind(target), (inner) => work(preparing(inner)));
      return member;
    },
  });
}

type Work = (client: object) => Promise<unknown>;

/**
 * Runs a transaction. When its connection is gone there is nothing to roll back, and the driver must not try: it would
 * write to a socket that is not there any more, which ends the whole process (postgres 3.4.9, `nextWrite`).
 */
function begin(driverBegin: (work: Work) => Promise<unknown>, work: Work): Promise<unknown> {
  const { promise: lost, reject } = Promise.withResolvers<never>();
  const kept: Work = async (client) => {
    try {
      return await work(client);
    } catch (error) {
      if (!isConnectionGone(error)) throw error;
      reject(error);
      return new Promise(() => {});
    }
  };
  return Promise.race([driverBegin(kept), lost]);
}

/** Codes of the network and of the driver. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'EMFILE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
]);

/**
 * SQLSTATEs after which the same statement may succeed a moment later: connection, rollback, resources, intervention of
 * an operator and system errors; a standby that has not taken over yet; a lock or a transaction that took too long.
 */
const PASSING = /^(?:(?:08|40|53|57|58)[0-9A-Z]{3}|25006|25P03|25P04|55P03)$/;

function isConnectionGone(error: unknown): boolean {
  return links(error).some(
    (link) =>
      ('severity' in link && (link.severity === 'FATAL' || link.severity === 'PANIC')) || UNREACHABLE.has(codeOf(link)),
  );
}

/** Whether an error means that the database could not be asked just now, rather than that it refused. */
export function isDatabaseDown(error: unknown): boolean {
  return links(error).some((link) => UNREACHABLE.has(codeOf(link)) || PASSING.test(codeOf(link)));
}

/** The error with its causes: drizzle wraps the driver's errors. */
function links(error: unknown): Error[] {
  return error instanceof Error ? [error, ...links(error.cause)] : [];
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
