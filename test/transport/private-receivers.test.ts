// Where somebody else chose the address, a call does not leave into a private network: neither to an address, nor to a name
// that leads there, nor by a redirect.
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/transport/public-address.ts';
import { createTransport } from '../../src/transport/send.ts';

const guarded = createTransport({ userAgent: 'Oncepost/test' }, isPublicAddress);
const open = createTransport({ userAgent: 'Oncepost/test' });
let server: Server;
let port: number;
let asked = 0;
beforeAll(async () => {
  server = createServer((_, response) => {
    asked += 1;
    response.writeHead(307, { location: 'http://169.254.169.254/latest' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(async () => {
  await guarded.close();
  await open.close();
  server.close();
});

const limits = { timeoutMs: 2_000 };

it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'])('to %s', async (host) => {
  const sent = await guarded.send({ method: 'POST', url: `http://${host}:${port}/`, body: '{}' }, limits);
  expect(sent).toMatchObject({ kind: 'not_sent', detail: 'PrivateAddress' });
  expect(asked).toBe(0);
});

it('and no redirect is followed there', async () => {
  const sent = await open.send({ method: 'POST', url: `http://127.0.0.1:${port}/`, body: '{}' }, limits);
  expect(sent).toMatchObject({ kind: 'answer', status: 307 });
  expect(asked).toBe(1);
});
