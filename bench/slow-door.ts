// A door before a platform that keeps answers back until it is told to let them go: a slow platform, as slow as wanted.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface SlowDoor {
  readonly url: string;
  /** From now on answers to calls whose path ends so are kept back. */
  hold(path: string): void;
  release(): void;
  close(): void;
}

/** Opens the door on loopback, before the platform at this address. */
export async function openSlowDoor(target: string): Promise<SlowDoor> {
  let held: { readonly path: string; readonly let: PromiseWithResolvers<void> } | null = null;
  const server = createServer((request, response) => {
    void carry(target, request, response, async () => {
      if (held && request.url?.endsWith(held.path)) await held.let.promise;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    hold(path) {
      held = { path, let: Promise.withResolvers<void>() };
    },
    release() {
      held?.let.resolve();
      held = null;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function carry(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  mayAnswer: () => Promise<void>,
): Promise<void> {
  const body: Buffer[] = [];
  for await (const chunk of request) body.push(chunk);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'host' && name !== 'connection' && name !== 'content-length'
      ? [[name, value] satisfies [string, string]]
      : [],
  );
  const answer = await fetch(`${target}${request.url ?? ''}`, {
    method: request.method ?? 'GET',
    headers,
    ...(body.length > 0 ? { body: Buffer.concat(body) } : {}),
  });
  const text = await answer.text();
  await mayAnswer();
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(text);
}
