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

/** Opens a pool on a `postgres://` address. Nothing is connected until the first query. */
export function connect(url: string, options: { readonly maxConnections: number }): Connection {
  const client = postgres(url, {
    max: options.maxConnections,
    connect_timeout: 5,
    idle_timeout: 60,
    onnotice: () => {},
    connection: { application_name: 'oncepost' },
  });
  return { db: drizzle(preparing(client), { casing: 'snake_case' }), close: () => client.end({ timeout: 5 }) };
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
      if (name === 'begin' || name === 'savepoint') {
        return (work: (inner: object) => unknown) => member.call(target, (inner: object) => work(preparing(inner)));
      }
      return member;
    },
  });
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  // Administrator shutdown, crash shutdown, starting up, too many connections, I/O error, disk full.
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '53100',
  '58030',
  // Serialisation failure and deadlock: the same transaction may succeed a moment later.
  '40001',
  '40P01',
]);

/** Whether an error means that the database could not be asked just now, rather than that it refused. */
export function isDatabaseDown(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && UNREACHABLE.has(current.code)) return true;
  }
  return false;
}
