// A real HTTP proxy in front of a PDS that makes chosen calls go wrong, and counts what passed.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { freePort } from '../harness/free-port.ts';
import { type CallCount, FaultBook } from './fault-book.ts';
import type { Ending, Fault } from './faults.ts';

const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

/** A proxy in front of one PDS. */
export interface FaultProxy {
  /** Its address, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /**
   * Makes the next `times` requests of `call` (for example `com.atproto.repo.putRecord`) meet `fault`; replaces an earlier fault of that call.
   * `fired` resolves when the first of them is about to meet its ending; a fault after the commit has then committed, if the PDS was up.
   */
  setFault(call: string, fault: Fault, times?: number): { readonly fired: Promise<void> };
  /** Every call goes through again. */
  clearFaults(): void;
  count(call: string): CallCount;
  /** Ends every connection, hanging ones too. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const REAL: Fault = { reachesPds: true, ending: { kind: 'real' } };

const withoutHopByHop = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));

/** Undefined when the PDS gave no whole answer (it is down, or died under the request). */
async function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer | undefined> {
  const { method, url = '/' } = incoming;
  const address = new URL(url, target);
  const headers = { ...withoutHopByHop(incoming.headers), host: address.host, 'content-length': body.length };
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
  const outgoing = request(address, { method, headers, agent: false }, (response) => {
    const { statusCode: status = 502, headers: answered } = response;
    buffer(response).then(
      (whole) => resolve({ status, headers: withoutHopByHop(answered), body: whole }),
      () => resolve(undefined),
    );
  });
  outgoing.on('error', () => resolve(undefined));
  outgoing.end(body);
  return promise;
}

function sendHalf(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
  const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
  response.write(half, () => response.socket?.destroySoon());
}

function meet(response: ServerResponse, ending: Ending, answer: Answer | undefined): void {
  if (ending.kind === 'hang') return;
  if (ending.kind === 'answer') {
    response.writeHead(ending.status, ending.headers).end(ending.body);
  } else if (ending.kind === 'reset' || !answer) {
    response.socket?.resetAndDestroy();
  } else if (ending.kind === 'truncate') {
    sendHalf(response, answer);
  } else if (ending.kind === 'prefixed') {
    const body = Buffer.concat([Buffer.from(ending.prefix), answer.body]);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length }).end(body);
  } else {
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length }).end(answer.body);
  }
}

/** What names a request among others. */
export interface Passing {
  readonly method: string;
  readonly url: string;
  readonly body: Buffer;
}

/** The XRPC method of a request, or its whole path when it is none. */
const xrpcMethod = ({ url }: Passing): string => (url.split('?')[0] ?? '/').replace(/^\/xrpc\//, '');

/** Takes one request to the PDS and back, by way of the fault its call is armed with. */
async function pass(
  { target, callOf }: Required<ProxyFacts>,
  book: FaultBook,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(incoming);
  const call = callOf({ method: incoming.method ?? 'GET', url: incoming.url ?? '/', body });
  book.note(call, 'received');
  const drawn = book.draw(call);
  const fault = drawn?.fault ?? REAL;
  await fault.beforePds?.();
  const answer = fault.reachesPds ? await forward(target, incoming, body) : undefined;
  if (answer) book.note(call, 'answeredByPds');
  drawn?.fired();
  await fault.beforeEnding?.();
  meet(response, fault.ending, answer);
}

interface ProxyFacts {
  /** An address without a path. */
  readonly target: string;
  /** The name by which a request meets its faults and is counted; its XRPC method, unless told otherwise. */
  readonly callOf?: (passing: Passing) => string;
}

/** Starts a proxy in front of `target`, on a port of its own on the loopback interface. */
export async function startFaultProxy({ target, callOf = xrpcMethod }: ProxyFacts): Promise<FaultProxy> {
  const book = new FaultBook();
  const server = createServer((incoming, response) => {
    pass({ target, callOf }, book, incoming, response).catch(() => response.socket?.resetAndDestroy());
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    setFault: (call, fault, times = 1) => ({ fired: book.arm(call, fault, times) }),
    clearFaults: () => book.disarm(),
    count: (call) => book.count(call),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
