// What a new site is like. It is an account of the sandbox: its name is the first part of its addresses.
import { randomUUID } from 'node:crypto';

const yearMs = 365 * 24 * 60 * 60_000;

/** Its token lives a year, and there is nothing to refresh it with. */
export const account = {
  newId: () => randomUUID(),
  scopes: [],
  tokenPrefix: 'site_',
  accessLifetimeMs: yearMs,
  refreshLifetimeMs: null,
};
