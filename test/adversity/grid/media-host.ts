// A host of users' media that can be down: what X's worker reads itself, and what Instagram fetches.
import { createServer, type ServerResponse } from 'node:http';
import type { NewFault } from '../../../src/sandbox/control.ts';
import type { Met } from './cell.ts';
import { SAMPLES } from './samples.ts';

export interface MediaHost {
  /** Every sample is served under this address and any folder: `<url>/<folder>/sample.jpg`. */
  readonly url: string;
  /** Whoever fetches a whole file of a folder meets the fault, as often as it says. */
  arm(folder: string, met: Met<NewFault['fault']>): void;
  /** How often the folder's fault was met. */
  met(folder: string): number;
  mend(folder: string): void;
  close(): Promise<void>;
}

/** Starts the host on loopback. */
export async function startMediaHost(): Promise<MediaHost> {
  const armed = new Map<string, { fault: NewFault['fault']; left: number; met: number }>();
  const server = createServer((request, response) => {
    const [, folder = '', name = ''] = (request.url ?? '').split('/');
    const met = armed.get(folder);
    const sample = SAMPLES.get(name);
    // Facts are read in ranges when the post is taken in; the fault is for whoever fetches the file.
    const fetches = request.method === 'GET' && request.headers.range === undefined;
    if (fetches && met && met.left > 0) {
      met.left -= 1;
      met.met += 1;
      return spoil(response, met.fault, sample?.bytes ?? Buffer.alloc(0));
    }
    response.writeHead(sample ? 200 : 404, { 'content-type': sample?.type ?? 'text/plain' }).end(sample?.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    arm(folder, { fault, times = 1 }) {
      armed.set(folder, { fault, left: times ?? Number.POSITIVE_INFINITY, met: 0 });
    },
    met: (folder) => armed.get(folder)?.met ?? 0,
    mend(folder) {
      const met = armed.get(folder);
      if (met) met.left = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function spoil(response: ServerResponse, fault: NewFault['fault'], bytes: Buffer): void {
  if (fault.kind === 'hang_before') return;
  if (fault.kind === 'html_error') response.writeHead(fault.status ?? 502).end('<h1>Not now</h1>');
  else if (fault.kind === 'commit_then_garbage') response.end(bytes.toReversed());
  else if (fault.kind === 'commit_then_truncate') {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroy());
  } else response.socket?.resetAndDestroy();
}
