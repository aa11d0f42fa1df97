// A real Bluesky PDS for a test: installed once, started on a folder, killed and restarted at the same address.

import { freePort } from '../harness/free-port.ts';
import { PdsStartError } from './errors.ts';
import { installPds } from './install-pds.ts';
import { createAccount, listPosts, type PdsAccount, type PdsPost } from './pds-client.ts';
import { type ServerProcess, type ServerSettings, startServerProcess } from './server-process.ts';

const PORT_CHOICES = 3;

/** A PDS under the test's control. */
export interface Pds {
  /** Its address, `http://127.0.0.1:<port>`; the same after every restart. */
  readonly url: string;
  /** A new account; `handle` ends in `.test`. */
  createAccount(handle: string): Promise<PdsAccount>;
  /** Every live post of the account, newest record key first: the judge of "at most one". */
  listPosts(did: string): Promise<PdsPost[]>;
  /** Ends the process cleanly. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port, ending a running process cleanly first. */
  restart(): Promise<void>;
}

interface Options {
  /** Kept between restarts; the caller makes and removes it. */
  readonly dataFolder: string;
  /** PDS_* variables on top of the harness's own, for example `PDS_RATE_LIMITS_ENABLED: '1'`. */
  readonly env?: ServerSettings['env'];
}

/** Another process may take a port between the look and the listen; then other ports are chosen. */
async function startSomewhere(options: Options): Promise<{ settings: ServerSettings; server: ServerProcess }> {
  for (let choice = 1; ; choice += 1) {
    const ports = { pdsPort: await freePort(), plcPort: await freePort() };
    const settings: ServerSettings = { dataFolder: options.dataFolder, env: options.env ?? {}, ...ports };
    try {
      return { settings, server: await startServerProcess(settings) };
    } catch (error) {
      const taken = error instanceof PdsStartError && error.message.includes('EADDRINUSE');
      if (!taken || choice === PORT_CHOICES) throw error;
    }
  }
}

/**
 * Installs the PDS when that is still to be done, and starts one on `dataFolder`. It ends with this process.
 * @throws PdsInstallError, PdsStartError
 */
export async function startPds(options: Options): Promise<Pds> {
  await installPds();
  const started = await startSomewhere(options);
  const { settings } = started;
  let { server } = started;
  return {
    url: server.url,
    createAccount: (handle) => createAccount(server.url, handle),
    listPosts: (did) => listPosts(server.url, did),
    stop: () => server.end(),
    kill: () => server.kill(),
    async restart() {
      await server.end();
      server = await startServerProcess(settings);
    },
  };
}
