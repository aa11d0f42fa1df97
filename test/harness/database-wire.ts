// The wire between our processes and PostgreSQL, which can go dead.
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface DatabaseWire extends TcpProxy {
  /** The database's address, by way of the wire. */
  readonly databaseUrl: string;
}

/** Starts a wire to the server of a `postgres://` address, on any free port unless one is given. */
export async function startDatabaseWire(databaseUrl: string, port = 0): Promise<DatabaseWire> {
  const proxy = await startTcpProxy(databaseUrl, port);
  const url = new URL(databaseUrl);
  const near = new URL(proxy.url);
  url.hostname = near.hostname;
  url.port = near.port;
  return { ...proxy, databaseUrl: url.href };
}
