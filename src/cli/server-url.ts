// Where the commands find the server.
import type { Env } from '../runtime/env.ts';

/** The server's address, without a trailing slash: the one that is named, or this machine's. */
export function serverUrl({ ONCEPOST_URL, ONCEPOST_HOST, ONCEPOST_PORT }: Env): string {
  return ONCEPOST_URL ?? `http://${ONCEPOST_HOST === '0.0.0.0' ? '127.0.0.1' : ONCEPOST_HOST}:${ONCEPOST_PORT}`;
}
