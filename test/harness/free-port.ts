// A port nobody listens on, below the range the kernel hands out for outgoing connections,
// so that it is still free when a killed server comes back to it.
import { once } from 'node:events';
import { createServer } from 'node:net';

const LOWEST = 20_000;
const HOW_MANY = 12_000;

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port);
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}

/** Two servers of one test must not be sent to the same place. */
const given = new Set<number>();

/** A free TCP port from 20000 to 31999, another one with each call of a process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * HOW_MANY);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}
