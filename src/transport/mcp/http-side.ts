// Streamable HTTP over our own transport: its byte gate, its limits, our name and proxy, and no redirect. The client library
// frames the messages, and nothing that it would like to send reaches a socket but through here.
import { type FetchLike, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { bodyJson, type Exchange, type HttpAnswer, type HttpRequest, type NoAnswer } from '../exchange.ts';
import type { Transport } from '../send.ts';
import { eventScan } from './event-scan.ts';
import { callIdOf, responseTo, type Wire } from './wire.ts';

/** A message of the protocol got no answer over HTTP; how, is on the wire. */
class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** How long a server may take to forget a session of ours; best effort. */
const FAREWELL_MS = 1_000;

export interface HttpSide {
  readonly transport: Transport;
  readonly url: string;
  readonly token: string | null;
  readonly wire: Wire;
  /** How long an answer may be awaited now, in ms: to the call, or to a message of the handshake. */
  limitMs(isCall: boolean): number;
}

export function httpSide(side: HttpSide): StreamableHTTPClientTransport {
  const headers = side.token === null ? {} : { authorization: `Bearer ${side.token}` };
  return new StreamableHTTPClientTransport(new URL(side.url), {
    fetch: fetchBy(side),
    requestInit: { headers, redirect: 'manual' },
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1,
      maxReconnectionDelay: 1,
      reconnectionDelayGrowFactor: 1,
    },
    onInsufficientScope: 'throw',
  });
}

function fetchBy(side: HttpSide): FetchLike {
  return async (address, { method, headers, body } = {}) => {
    // We listen to no stream of the server's own, and resume none: what a stream did not bring has to be looked for.
    if (method !== 'POST' && method !== 'DELETE') return new Response(null, { status: 405 });
    const message: Message = {
      method,
      url: String(address),
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === 'string' ? body : '',
    };
    const { exchange, response } = await exchangeOf(side, message);
    if (exchange.kind !== 'answer') throw new Unanswered(exchange.detail);
    // It is read to the event that answers; the rest of the stream is nothing to us.
    if (callIdOf(parsed(message.body)) !== null) side.wire.response = response;
    return asResponse(exchange);
  };
}

type Message = HttpRequest & { readonly method: 'POST' | 'DELETE'; readonly body: string };

interface Exchanged {
  readonly exchange: Exchange;
  readonly response: ReturnType<typeof responseTo>;
}

async function exchangeOf(side: HttpSide, message: Message): Promise<Exchanged> {
  const { wire } = side;
  const sent = parsed(message.body);
  const isCall = callIdOf(sent) !== null;
  const { exchange, answered } = await send(side, message, { id: idOf(sent), isCall });
  const seen = idOf(sent) === null ? exchange : asAnswered(exchange, answered);
  if (isCall) wire.called ??= seen;
  else if (message.method === 'POST' && !wire.leaving) wire.handshake = seen;
  return { exchange: seen, response: answered };
}

async function send(
  { transport, wire, limitMs }: HttpSide,
  message: Message,
  { id, isCall }: { readonly id: string | number | null; readonly isCall: boolean },
) {
  const scan = eventScan();
  let answered: Exchanged['response'] = null;
  const isWhole = (part: Uint8Array) => {
    for (const event of scan(part)) answered ??= responseTo(id, event);
    return answered !== null;
  };
  const timeoutMs = message.method === 'DELETE' ? FAREWELL_MS : limitMs(isCall);
  const limits = { timeoutMs, ...(id === null ? {} : { isWhole }) };
  const exchange = isCall ? await transport.sendCreate(message, limits, wire) : await transport.send(message, limits);
  return { exchange, answered: answered ?? responseTo(id, bodyOf(exchange)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function idOf(message: unknown): string | number | null {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

function bodyOf(exchange: Exchange): unknown {
  return exchange.kind === 'answer' ? bodyJson(exchange) : undefined;
}

const CUT_OFF: NoAnswer = { kind: 'no_answer', reason: 'truncated', detail: 'the answer ended before it was whole' };

/** A 2xx in the protocol's own form that does not answer the request is no answer: it was cut off, however cleanly. */
function asAnswered(exchange: Exchange, answered: Exchanged['response']): Exchange {
  if (exchange.kind !== 'answer' || exchange.status >= 300) return exchange;
  const type = exchange.headers['content-type'] ?? '';
  const ours = /^(?:text\/event-stream|application\/json)\b/i.test(type) || exchange.body.byteLength === 0;
  return ours && answered === null ? CUT_OFF : exchange;
}

/** Statuses whose answers have no body, says the class. */
const BODILESS = new Set([204, 205, 304]);

function asResponse({ status, headers, body }: HttpAnswer): Response {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(?:content-(?:length|encoding)|transfer-encoding)$/.test(name),
  );
  return new Response(BODILESS.has(status) ? null : Buffer.from(body), { status, headers: Object.fromEntries(kept) });
}
