// A real Ghost for a test: installed once, started on a folder, killed and restarted at the same address.
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.ts';
import { GhostStartError } from './errors.ts';
import { type GhostOwner, signIn } from './ghost-client.ts';
import { GHOST_FOLDER, installGhost } from './install-ghost.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const PORT_CHOICES = 3;

/** A Ghost under the test's control. */
export interface Ghost {
  /** The site's address, `http://127.0.0.1:<port>`; the same after every restart. */
  readonly url: string;
  /** Its owner, signed in. */
  readonly owner: GhostOwner;
  /** Ends the process cleanly. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port, ending a running process cleanly first. */
  restart(): Promise<void>;
}

/** Another process may take a port between the look and the listen; then another is chosen. */
async function startSomewhere(folder: string, routes: string | null): Promise<{ url: string; server: ServerProcess }> {
  for (let choice = 1; ; choice += 1) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    configure(folder, url, port, routes);
    try {
      return { url, server: await startServerProcess({ folder, url }) };
    } catch (error) {
      const taken = error instanceof GhostStartError && error.message.includes('EADDRINUSE');
      if (!taken || choice === PORT_CHOICES) throw error;
    }
  }
}

function configure(folder: string, url: string, port: number, routes: string | null): void {
  const contentPath = join(folder, 'content');
  if (!existsSync(contentPath)) {
    cpSync(join(GHOST_FOLDER, 'content'), contentPath, { recursive: true });
    // By this name Ghost finds itself from a site's folder.
    symlinkSync(GHOST_FOLDER, join(folder, 'current'));
    if (routes !== null) writeFileSync(join(contentPath, 'settings/routes.yaml'), routes);
  }
  const config = {
    url,
    server: { host: '127.0.0.1', port },
    database: {
      client: 'sqlite3',
      connection: { filename: join(folder, 'ghost.db') },
      useNullAsDefault: true,
    },
    mail: { transport: 'Direct' },
    logging: { transports: ['file'], level: 'info', path: join(folder, 'logs') },
    paths: { contentPath },
    security: { staffDeviceVerification: false, allowWebhookInternalIPs: true },
    privacy: { useUpdateCheck: false },
  };
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(join(folder, 'config.production.json'), JSON.stringify(config, null, 2));
}

export interface GhostPlace {
  readonly dataFolder: string;
  /** Its routes.yaml, where it is not the one that Ghost brings. */
  readonly routes?: string;
}

/**
 * Installs Ghost when that is still to be done, and starts a site on `dataFolder`, which the caller makes and removes. It
 * ends with this process. @throws GhostInstallError, GhostStartError
 */
export async function startGhost({ dataFolder, routes }: GhostPlace): Promise<Ghost> {
  await installGhost();
  const started = await startSomewhere(dataFolder, routes ?? null);
  const { url } = started;
  let { server } = started;
  return {
    url,
    owner: await signIn(url),
    stop: () => server.end(),
    kill: () => server.kill(),
    async restart() {
      await server.end();
      server = await startServerProcess({ folder: dataFolder, url });
    },
  };
}
