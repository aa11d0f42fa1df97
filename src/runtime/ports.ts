// Ports on this machine: whether one is free before a server is started on it.
import { createServer } from 'node:net';
import { StartRefused } from './start-refused.ts';

/** One port that is about to be used. `variable` is the environment variable that changes it. */
export interface PortUse {
  readonly port: number;
  readonly host: string;
  readonly purpose: string;
  readonly variable: string;
}

/** Whether only this machine can reach a server that listens on this address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
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

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown error'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
