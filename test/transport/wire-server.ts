// A TCP server that a test scripts byte by byte and that remembers every byte it was sent.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export interface WireServer {
  readonly url: string;
  readonly port: number;
  /** Everything that arrived, per connection, as latin1. */
  readonly received: string[];
  /** Resolves when the n-th connection stands. */
  connected(count: number): Promise<void>;
  /** Resolves when the n-th connection is closed by the client. */
  closed(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Called once per connection, when a whole request (head and counted body) has arrived. */
export type Script = (socket: Socket, request: string) => void;

/** Listens on a free port and answers it. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  return address.port;
}

/** Starts on a free port of 127.0.0.1. */
export async function startWireServer(
  script: Script,
  onConnect: (socket: Socket) => void = () => {},
): Promise<WireServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const marks = { connected: new Counter(), closed: new Counter() };
  const server = createServer((socket) => {
    sockets.add(socket);
    const index = received.push('') - 1;
    let answered = false;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => marks.closed.add());
    socket.on('data', (bytes: Buffer) => {
      const text = (received[index] ?? '') + bytes.toString('latin1');
      received[index] = text;
      if (answered || !isWhole(text)) return;
      answered = true;
      script(socket, text);
    });
    onConnect(socket);
    marks.connected.add();
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    connected: (count) => marks.connected.reached(count),
    closed: (count) => marks.closed.reached(count),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An HTTP/1.1 answer with a counted body. */
export function httpAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers });
  return [`HTTP/1.1 ${status} Said`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const counted = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end));
  return text.length >= end + 4 + Number(counted?.[1] ?? 0);
}

class Counter {
  #count = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  add(): void {
    this.#count += 1;
    for (const { count, resolve } of this.#waiting) if (count <= this.#count) resolve();
  }

  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (count <= this.#count) resolve();
      else this.#waiting.push({ count, resolve });
    });
  }
}
