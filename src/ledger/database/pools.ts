// The driver's pool, and another in its place once it fell silent: a connection that was cut in the middle of a write does
// not always recover (postgres 3.4.9 keeps what it had not written, and sends it before its greeting), a new pool does.
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { createWire, type Mark, type Wire } from './wire.ts';

export interface Pool {
  readonly client: postgres.Sql;
  readonly wire: Pick<Wire, 'mark'>;
  /** Cuts what has said nothing since the mark; what still answers may finish, and whoever comes gets a new pool. */
  giveUp(silentSince: Mark): void;
}

export interface Pools {
  current(): Pool;
  close(): Promise<void>;
}

/** How long queries may still take that are under way when a pool closes. */
const FINISH_S = 5;

/** Opens a pool, and another whenever the present one is given up. `options` are the driver's. */
export function openPools(url: string, options: postgres.Options<Record<string, never>>): Pools {
  let current = open();
  return { current: () => current, close: () => current.close() };

  function open(): Pool & { close(): Promise<void> } {
    const wire = createWire();
    // The driver's types do not know its option `socket`.
    const withSockets = { ...options, socket: wire.open };
    const client = postgres(url, withSockets);
    // Building a database over a client teaches it to leave instants and JSON to drizzle.
    drizzle(client);
    const close = () => client.end({ timeout: FINISH_S }).finally(wire.cutAll);
    const pool = {
      client,
      wire,
      close,
      giveUp(silentSince: Mark) {
        wire.cutSilent(silentSince);
        if (current !== pool) return;
        current = open();
        void close();
      },
    };
    return pool;
  }
}
