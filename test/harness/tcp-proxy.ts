// A wire between a worker and a server that can go dead without anybody being told: half-open connections, as a pulled
// cable or a forgetful firewall leaves them behind.
import { connect, createServer, type Socket } from 'node:net';

/** Which way the bytes of a dead connection vanish: both ways, or only those of the answers. */
export type DeadWay = 'both' | 'answers';

export interface TcpProxy {
  /** Its address, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** From now on the connections there are, and those still to come, carry nothing that way and end no more. */
  goDead(way: DeadWay): void;
  /** Connections to come are carried again; the dead ones stay dead. */
  recover(): void;
  /** Bytes that have vanished so far. */
  vanishedBytes(): number;
  close(): Promise<void>;
}

/** Starts a wire on loopback, on any free port unless one is given, to the server at this address. */
export async function startTcpProxy(target: string, port = 0): Promise<TcpProxy> {
  const there = new URL(target);
  const wires = new Set<{ dead: DeadWay | null; readonly ends: readonly Socket[] }>();
  let dead: DeadWay | null = null;
  let vanishedBytes = 0;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: there.hostname, port: Number(there.port), allowHalfOpen: true });
    const wire = { dead, ends: [near, far] };
    wires.add(wire);
    const carry = (from: Socket, to: Socket, isAnswer: boolean) => {
      const swallows = () => wire.dead === 'both' || (wire.dead === 'answers' && isAnswer);
      from.on('data', (bytes) => {
        if (swallows()) vanishedBytes += bytes.length;
        else to.write(bytes);
      });
      from.on('end', () => swallows() || to.end());
      from.on('error', () => swallows() || to.destroy());
      from.on('close', () => swallows() || to.destroy());
    };
    carry(near, far, false);
    carry(far, near, true);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    goDead(way) {
      dead = way;
      for (const wire of wires) wire.dead = way;
    },
    recover() {
      dead = null;
    },
    vanishedBytes: () => vanishedBytes,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const { ends } of wires) for (const end of ends) end.destroy();
      await closed;
    },
  };
}
