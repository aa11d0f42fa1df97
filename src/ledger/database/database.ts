// The connection to PostgreSQL, and the error every caller meets when it is down.
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { guardedClient } from './client.ts';
import { LOCK_MS, STATEMENT_MS } from './deadline.ts';
import { codeOf, isUnreachable, links } from './outage.ts';
import { openPools } from './pools.ts';

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

/** What every session of ours asks of the server when it connects; a pooler must pass these on. */
const SESSION = {
  application_name: 'oncepost',
  idle_in_transaction_session_timeout: STALLED_MS,
  statement_timeout: STATEMENT_MS,
  lock_timeout: LOCK_MS,
  // A commit that is lost with the server's memory would let a create be sent twice, whatever the server's default is.
  synchronous_commit: 'on',
} as const;

/** The same by name, for a person who has to let them through. */
export const SESSION_PARAMETERS = Object.keys(SESSION)
  .filter((name) => name !== 'application_name')
  .join(', ');

/** Opens a pool on a `postgres://` address. Nothing is connected until the first query. */
export function connect(url: string, options: { readonly maxConnections: number }): Connection {
  const pools = openPools(url, {
    max: options.maxConnections,
    connect_timeout: 5,
    backoff: () => RECONNECT_PAUSE_S,
    idle_timeout: 60,
    // drizzle reads and writes arrays itself; the driver's own question would fail where nobody listens.
    fetch_types: false,
    onnotice: () => {},
    connection: SESSION,
  });
  return { db: drizzle(guardedClient(pools), { casing: 'snake_case' }), close: () => pools.close() };
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
 * SQLSTATEs after which the same statement may succeed a moment later: connection, rollback, resources, intervention of
 * an operator and system errors; a standby that has not taken over yet; a lock or a transaction that took too long.
 */
const PASSING = /^(?:(?:08|40|53|57|58)[0-9A-Z]{3}|25006|25P03|25P04|55P03)$/;

/** Whether an error means that the database could not be asked just now, rather than that it refused. */
export function isDatabaseDown(error: unknown): boolean {
  return links(error).some((link) => isUnreachable(link) || PASSING.test(codeOf(link)));
}
