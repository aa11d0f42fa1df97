// Starts the sandbox: the platforms' stand-ins, their control doors and sample media on one HTTP server.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { openAccounts } from './accounts.ts';
import { openApps } from './apps.ts';
import { openCalls } from './calls.ts';
import { openSandboxClock } from './clock.ts';
import type { OpenStandIn, Rooms } from './contract.ts';
import { discoverStandIns } from './discover.ts';
import { controlDoors } from './doors/doors.ts';
import { openFaultBook } from './faults/book.ts';
import { openJournal } from './journal.ts';
import { openListener } from './listener.ts';
import { sampleMedia } from './media/samples.ts';
import { openPosts } from './posts.ts';
import type { SandboxEnv } from './request.ts';

/** How to start a sandbox. `port` 0 takes any free one; `clock` is the base time in epoch milliseconds. */
export type SandboxOptions = {
  host: string;
  port: number;
  /** Where the record is kept; made when it is not there. A second start on it goes on with what it holds. */
  dataFolder: string;
  clock?: () => number;
  /** True: every answer waits until the record is on the disk, not only with the operating system. */
  fsync?: boolean;
};

/** A running sandbox. `url` has no slash at its end. */
export type Sandbox = { url: string; port: number; close(): Promise<void> };

/** Starts the sandbox. Throws `AddressUnavailable`, `JournalUnavailable` or `JournalDamaged`. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const standIns = await discoverStandIns();
  const journal = openJournal(options.dataFolder, { fsync: options.fsync ?? false });
  const closing = new AbortController();
  const rooms: Rooms = {
    clock: openSandboxClock(journal, options.clock),
    journal,
    accounts: openAccounts(journal),
    apps: openApps(journal),
    posts: openPosts(journal),
    calls: openCalls(journal),
    faults: openFaultBook(journal),
    closing: closing.signal,
  };
  const app = new Hono<SandboxEnv>();
  const open = new Map<string, OpenStandIn>();
  for (const [platform, standIn] of standIns) {
    const opened = standIn.open(rooms);
    open.set(platform, opened);
    app.route(`/${platform}`, opened.app);
  }
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  const listener = await openListener(server, options).catch((error: unknown) => {
    journal.close();
    throw error;
  });
  app.route('/media', sampleMedia());
  app.route('/_sandbox', controlDoors({ rooms, standIns, open, listener }));
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${listener.port}`,
    port: listener.port,
    close: async () => {
      closing.abort();
      await listener.close();
      journal.close();
    },
  };
}
