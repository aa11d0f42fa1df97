// The two local servers as parts of the supervisor.

import type { Part } from './part.ts';
import { startEmbeddedPostgres } from './postgres/postgres.ts';
import type { StartOptions } from './start-options.ts';
import { startTemporalServer } from './temporal/temporal.ts';
import { findTemporalProgram } from './temporal/temporal-program.ts';

/** The embedded PostgreSQL; `onUrl` gets its address with the password each time it serves. */
export function postgresPart(
  options: StartOptions,
  dataFolder: string,
  print: (line: string) => void,
  onUrl: (url: string) => void,
): Part {
  return {
    name: 'PostgreSQL server',
    refusalEndsAll: false, // once it has served, a full disk or a taken port passes: it is tried again
    start: async () => {
      const server = await startEmbeddedPostgres({ dataFolder, port: options.ports.postgres, onProgress: print });
      onUrl(server.url);
      return { exited: () => server.exited().then(() => 'ended'), stop: server.stop };
    },
  };
}

/** The local Temporal server with its UI, whose program is found or made first. */
export function temporalPart(options: StartOptions, dataFolder: string, print: (line: string) => void): Part {
  const { temporalProgram, cacheHome, ports, namespace, retentionMs, searchAttributes } = options;
  return {
    name: 'Temporal server',
    refusalEndsAll: false,
    start: async (signal) => {
      const program = await findTemporalProgram({ program: temporalProgram, cacheHome, onProgress: print, signal });
      const server = await startTemporalServer({
        program,
        dataFolder,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        namespace,
        retentionMs,
        searchAttributes,
        onProgress: print,
      });
      return { exited: () => server.exited().then(() => 'ended'), stop: server.stop };
    },
  };
}
