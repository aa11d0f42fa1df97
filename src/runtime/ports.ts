// Ports on this machine: whether one is free before a server is started on it, and which one is.
import { createServer } from 'node:net';
import { StartRefused } from './start-refused.ts';

/** One port that is about to be used. `variable` is the environment variable that changes it. */
export interface PortUse {
  readonly port: number;
  readonly host: string;
  readonly purpose: string;
  readonly variable: string;
}

/** Refuses when another program holds the port, or when this user may not open it. */
export async function assertPortFree(use: PortUse): Promise<void> {
  const code = await tryToListen(use.host, use.port);
  if (code !== undefined) throw portRefused(use, code);
}

const NO_ADDRESS_OF_OURS: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EINVAL']);

/** The sentence for a port that could not be opened; `code` is the system's error code. */
export function portRefused({ port, host, purpose, variable }: PortUse, code: string): StartRefused {
  if (NO_ADDRESS_OF_OURS.has(code)) {
    return new StartRefused(
      `The address ${host}, needed for ${purpose}, is none of this machine (the system says ${code}); nothing was started; set ONCEPOST_HOST to an address of this machine, then start again.`,
    );
  }
  const why =
    code === 'EADDRINUSE' ? 'is used by another program' : `cannot be opened by this user (the system says ${code})`;
  const next = code === 'EADDRINUSE' ? 'stop that program, or set' : 'set';
  return new StartRefused(
    `Port ${port} on ${host}, needed for ${purpose}, ${why}; nothing was started or changed on it; ${next} ${variable} to a free port, then start again.`,
  );
}

/** A port that was free a moment ago on loopback. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new StartRefused('This machine gave no free port.');
  return address.port;
}

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown error'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
