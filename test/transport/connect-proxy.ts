// A real CONNECT proxy on loopback that remembers what it was asked, and leads every name to one server.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface ConnectProxy {
  readonly url: string;
  /** The heads of the requests to the proxy itself. */
  readonly heads: string[];
  /** Bytes that went through the tunnels, up and down. */
  readonly through: { up: number; down: number };
  close(): Promise<void>;
}

export interface ProxyManners {
  /** The port on loopback where all tunnels end. */
  readonly toPort: number;
  /** The status line's rest, for example `407 Proxy Authentication Required`; absent: the tunnel opens. */
  readonly refuses?: string;
  /** Takes the question and says nothing. */
  readonly silent?: true;
  /** Hangs up instead of answering. */
  readonly hangsUp?: true;
}

export async function startConnectProxy({ toPort, refuses, silent, hangsUp }: ProxyManners): Promise<ConnectProxy> {
  const heads: string[] = [];
  const through = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let head = '';
    const onData = (bytes: Buffer) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      heads.push(head);
      if (silent) return;
      if (hangsUp) socket.destroy();
      else if (refuses) socket.end(`HTTP/1.1 ${refuses}\r\ncontent-length: 0\r\n\r\n`);
      else tunnel(socket, toPort, through);
    };
    socket.on('data', onData);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    heads,
    through,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function tunnel(socket: Socket, port: number, through: { up: number; down: number }): void {
  const target = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.on('data', (bytes: Buffer) => {
      through.up += bytes.byteLength;
      target.write(bytes);
    });
  });
  target.on('data', (bytes: Buffer) => {
    through.down += bytes.byteLength;
    socket.write(bytes);
  });
  target.on('error', () => socket.destroy());
  socket.on('close', () => target.destroy());
  target.on('close', () => socket.destroy());
}
