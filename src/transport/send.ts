// The one door to other people's HTTP servers. It follows no redirect, retries nothing, and tells apart what left from
// what did not (law 2, law 3).
import { Agent, type buildConnector, Client, type Dispatcher, errors } from 'undici';
import { connector } from './connector.ts';
import type { Exchange, HttpAnswer, HttpRequest, NoAnswer, NotSent } from './exchange.ts';
import { type Outbound, signed } from './outbound.ts';
import { type AddressRule, assertHost, guardedLookup, PrivateAddress } from './public-address.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_LIMIT_BYTES = 10 * 1024 ** 2;

/** HTTP/1.1 only: HTTP/2 sends a request's head before anyone asks for its body, so no gate could hold it back. */
const CONNECTION = { allowH2: false, pipelining: 1 };

/** Watches the one moment that matters on a create: when its first byte leaves. */
export interface SendGate {
  /** Asked at the last instant before the first byte; false holds the request back for good. */
  mayLeave(): boolean;
  /** Told when all bytes were handed to the connection. */
  left(): Promise<void>;
}

/** A create call's request: it must have a body, since the body is what the gate holds back. */
export type CreateRequest = HttpRequest & { readonly body: Uint8Array | string };

/** When a call is given up: by its time, or by whoever waits for it. */
export interface SendLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Only where an answer may be whole before its stream ends: told each part of the body as it comes, until it says so. The
   * rest is not read.
   */
  readonly isWhole?: ((part: Uint8Array) => boolean) | undefined;
}

export interface Transport {
  /** Sends a repeatable call on a pooled connection. */
  send(request: HttpRequest, limits: SendLimits): Promise<Exchange>;
  /** Sends the point-of-no-return call, once, on a fresh connection, past its gate. */
  sendCreate(request: CreateRequest, limits: SendLimits, gate: SendGate): Promise<Exchange>;
  close(): Promise<void>;
}

/** Opens the transport of one process. `mayReach`: where somebody else chose the addresses, which of them may be reached. */
export function createTransport(outbound: Outbound, mayReach?: AddressRule): Transport {
  const guard = mayReach ? { lookup: guardedLookup(mayReach), mayReach } : {};
  const connect = connector(outbound, { timeoutMs: CONNECT_TIMEOUT_MS, ...guard });
  const pool = new Agent({ ...CONNECTION, connect });
  return {
    async send(request, limits) {
      if (!isHttp(request.url)) return NO_ADDRESS;
      if (mayReach && !isReachable(request.url, mayReach)) return PRIVATE_ADDRESS;
      return exchange(pool, signedRequest(outbound, request), request.body ?? null, limits, neverConnected);
    },
    async sendCreate(request, limits, gate) {
      if (!isHttp(request.url)) return NO_ADDRESS;
      if (mayReach && !isReachable(request.url, mayReach)) return PRIVATE_ADDRESS;
      return sendGated(connect, signedRequest(outbound, request), limits, gate);
    },
    close: () => pool.close(),
  };
}

function signedRequest<Request extends HttpRequest>(outbound: Outbound, request: Request): Request {
  return { ...request, headers: signed(outbound, request.headers) };
}

const NO_ADDRESS: NotSent = { kind: 'not_sent', reason: 'unreachable', detail: 'ERR_INVALID_URL' };
const PRIVATE_ADDRESS: NotSent = { kind: 'not_sent', reason: 'unreachable', detail: 'PrivateAddress' };

/** A name is looked at when it is resolved; an address is looked at here. */
function isReachable(url: string, mayReach: AddressRule): boolean {
  try {
    assertHost(new URL(url), mayReach);
    return true;
  } catch (error) {
    if (error instanceof PrivateAddress) return false;
    throw error;
  }
}

function isHttp(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '');
}

async function sendGated(
  connect: buildConnector.connector,
  request: CreateRequest,
  limits: SendLimits,
  gate: SendGate,
): Promise<Exchange> {
  const bytes = typeof request.body === 'string' ? new TextEncoder().encode(request.body) : request.body;
  const client = new Client(new URL(request.url).origin, { ...CONNECTION, connect });
  let leaving = false;
  let heldBack = false;
  // undici writes the headers together with the first chunk, so nothing has left while this generator is waiting.
  async function* gated(): AsyncGenerator<Uint8Array> {
    if (!gate.mayLeave()) {
      heldBack = true;
      throw new errors.RequestAbortedError('held back by the send deadline');
    }
    leaving = true;
    yield bytes;
    await gate.left();
  }
  const counted = { ...request, headers: { ...request.headers, 'content-length': String(bytes.byteLength) } };
  try {
    const result = await exchange(client, counted, gated(), limits, () => !leaving);
    return heldBack ? { kind: 'not_sent', reason: 'deadline_passed', detail: 'the send deadline had passed' } : result;
  } finally {
    // Destroyed, not closed: unsent bytes of an abandoned call must not leave later.
    await client.destroy();
  }
}

type Body = string | Uint8Array | AsyncIterable<Uint8Array> | null;

async function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  body: Body,
  { timeoutMs, signal, isWhole }: SendLimits,
  provesUnsent: (code: string) => boolean,
): Promise<Exchange> {
  const url = new URL(request.url);
  let answering = false;
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { ...request.headers },
      body: toDispatch(body),
      signal: signal ? AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) : AbortSignal.timeout(timeoutMs),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    answering = true;
    return await readAnswer(response, isWhole);
  } catch (error) {
    const code = codeOf(error);
    if (provesUnsent(code)) return { kind: 'not_sent', reason: 'unreachable', detail: code };
    return { kind: 'no_answer', reason: lossOf(code, answering), detail: code };
  }
}

type DispatchBody = Exclude<Dispatcher.DispatchOptions['body'], undefined>;

// undici takes any async iterable of bytes as a body; its types name only streams.
function toDispatch(body: Body): DispatchBody {
  return body as DispatchBody;
}

async function readAnswer(response: Dispatcher.ResponseData, isWhole: SendLimits['isWhole']): Promise<Exchange> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > ANSWER_LIMIT_BYTES) {
      return { kind: 'no_answer', reason: 'oversized', detail: `the answer passed ${ANSWER_LIMIT_BYTES} bytes` };
    }
    chunks.push(chunk);
    if (isWhole?.(chunk)) break;
  }
  return answer(response, Buffer.concat(chunks));
}

function answer(response: Dispatcher.ResponseData, body: Uint8Array): HttpAnswer {
  const headers = Object.entries(response.headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return { kind: 'answer', status: response.statusCode, headers: Object.fromEntries(headers), body };
}

/** Failures of name, route, connection and TLS: on a repeatable call they tell that nothing left. */
const CONNECT_FAILURES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'PrivateAddress',
]);

/**
 * Good enough for calls that may be repeated. A create must ask its gate instead: a route that breaks under a standing
 * connection is reported as EHOSTUNREACH too, after the request left.
 */
function neverConnected(code: string): boolean {
  return CONNECT_FAILURES.has(code) || code.startsWith('PROXY_');
}

function lossOf(code: string, answering: boolean): NoAnswer['reason'] {
  if (code === 'TimeoutError' || code.endsWith('_TIMEOUT')) return 'timeout';
  return answering ? 'truncated' : 'reset';
}

/** The error's code or name; never its message, which may carry an address with a token in it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' && error.name !== 'TimeoutError' ? error.code : error.name;
}
