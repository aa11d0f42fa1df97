// A receiver of webhooks on a real socket: keeps what came, and answers as it is told to.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = number | 'hang';

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** How the next requests are answered; the last goes on for ever. */
  answers(...wanted: readonly Answer[]): void;
  forget(): void;
  close(): Promise<void>;
}

/** Opens it on a free port, or on one that it had before. */
export async function openReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const hanging = new Set<ServerResponse>();
  let queue: readonly Answer[] = [204];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      received.push({ path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
      const [answer = 204, ...others] = queue;
      if (others.length > 0) queue = others;
      if (answer === 'hang') hanging.add(response);
      else response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address: string | AddressInfo | null = server.address();
  const taken = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${taken}`,
    received,
    answers: (...wanted) => {
      queue = wanted;
    },
    forget: () => void received.splice(0),
    async close() {
      for (const response of hanging) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const OLD_SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

const bodySchema = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.looseObject({
    workspace: z.string(),
    headline: z.string(),
    lines: z.array(z.object({ text: z.string(), url: z.string().nullable() })),
  }),
});
export type Body = z.infer<typeof bodySchema>;

/** The body, once the library of Standard Webhooks has checked the signature. @throws when it does not hold */
export function verified({ headers, body }: Received, secret = SECRET): Body {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  return bodySchema.parse(new Webhook(secret).verify(body, plain));
}
