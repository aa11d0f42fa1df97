// Lets one process of this machine at a time do a piece of work; the others wait without polling.
// The lock is an abstract Unix socket, so the kernel frees it when its holder dies, however it dies.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

interface Hold {
  release(): void;
}

async function tryTake(address: string): Promise<Hold | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return {
    release() {
      server.close();
      for (const socket of waiting) socket.destroy();
    },
  };
}

/** Resolves when the present holder lets go or dies: either closes the connection. */
async function released(address: string): Promise<void> {
  const socket = connect(address);
  socket.on('error', () => socket.destroy());
  socket.resume();
  await once(socket, 'close');
}

/** Runs `work` while no other process of this machine is inside a call with the same `name`. */
export async function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const address = `\0oncepost-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  for (;;) {
    const hold = await tryTake(address);
    if (!hold) {
      await released(address);
      continue;
    }
    try {
      return await work();
    } finally {
      hold.release();
    }
  }
}
