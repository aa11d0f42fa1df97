// The sockets of one pool, opened here so that those gone dead can be found and cut: to the driver, a connection whose
// other end vanished without a word is one that is slow, for ever.
import { connect, type Socket } from 'node:net';

/** Where the driver wants to go; several hosts take turns. */
interface Target {
  readonly host: readonly string[];
  readonly port: readonly number[];
  /** Of a Unix socket, in place of host and port. */
  readonly path?: string | false;
}

/** What each socket had received at one instant, in bytes. */
export type Mark = ReadonlyMap<Socket, number>;

export interface Wire {
  /** The driver's socket factory. */
  open(target: Target): Socket;
  mark(): Mark;
  /** Destroys the sockets that were there at the mark and have received nothing since. */
  cutSilent(since: Mark): void;
  cutAll(): void;
}

const KEEP_ALIVE_MS = 60_000;

export function createWire(): Wire {
  const sockets = new Set<Socket>();
  let opened = 0;
  return {
    open({ host, port, path }) {
      const place = opened++ % host.length;
      const address = path ? { path } : { host: host[place] ?? '', port: port[place] ?? 0 };
      const socket = connect({ ...address, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // Not awaited: the driver's time limit for a connection begins with the socket. Where that goes it reads there, for TLS and
      // for its errors.
      return Object.assign(socket, { host: host[place], port: port[place] });
    },
    mark() {
      // What TLS takes off a socket is its listeners and its close; what it leaves is the count of its bytes.
      for (const socket of sockets) if (socket.destroyed) sockets.delete(socket);
      return new Map([...sockets].map((socket) => [socket, socket.bytesRead]));
    },
    cutSilent(since) {
      for (const [socket, bytes] of since) if (socket.bytesRead === bytes) socket.destroy();
    },
    cutAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
