// The address the sandbox listens on: taken at start, and given up for a while to play a platform that is down, so that
// connections are refused before a byte is sent.
import type { Server } from 'node:http';

/** The port is taken, or the address cannot be bound: nothing was started. */
export class AddressUnavailable extends Error {
  override readonly name = 'AddressUnavailable';
}

/** The bound address. `refuseForMs` drops every connection and listens again, on the same port, after that time. */
export type Listener = { port: number; refuseForMs(ms: number): void; close(): Promise<void> };

/** Binds the server. Rejects with {@link AddressUnavailable}. */
export async function openListener(server: Server, { host, port }: { host: string; port: number }): Promise<Listener> {
  await listen(server, host, port);
  const address = server.address();
  const boundPort = typeof address === 'object' && address ? address.port : port;
  let again: NodeJS.Timeout | undefined;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    port: boundPort,
    refuseForMs: (ms) => {
      clearTimeout(again);
      void stop();
      again = setTimeout(() => server.listen(boundPort, host), ms);
    },
    close: async () => {
      clearTimeout(again);
      await stop();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'another program uses this port' : error.message;
      reject(
        new AddressUnavailable(
          `The sandbox cannot listen on ${host}:${port}: ${reason}. Nothing was started; choose another port.`,
        ),
      );
    };
    server.once('error', refused);
    server.listen(port, host, () => {
      server.off('error', refused);
      resolve();
    });
  });
}
