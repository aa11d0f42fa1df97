// The vocabulary of faults: does the request reach the PDS, what is waited for, and what the client meets instead of the answer.
// Wire shapes are those a PDS 0.4.217 was seen to send.

/** Waited for before going on; a promise the test settles, so that no test sleeps. */
export type Gate = () => Promise<unknown>;

/** What the client can meet without the PDS having said anything. */
export type OwnEnding =
  /** An answer of ours. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Nothing, on an open connection, until the client gives up or the proxy closes. */
  | { readonly kind: 'hang' }
  /** A TCP reset. */
  | { readonly kind: 'reset' };

/** What the client meets. */
export type Ending =
  | OwnEnding
  /** The PDS's own answer, whole. */
  | { readonly kind: 'real' }
  /** The PDS's status and headers, half of its body, then the end of the connection. */
  | { readonly kind: 'truncate' }
  /** The server's own answer with something before its body, as a chatty plugin writes it. */
  | { readonly kind: 'prefixed'; readonly prefix: string };

/** One way for a call to go wrong. */
export interface Fault {
  /** Whether the PDS gets the request, and so may commit it. */
  readonly reachesPds: boolean;
  /** Awaited before the PDS gets the request: a request that arrives late. */
  readonly beforePds?: Gate;
  /** Awaited before the client meets the ending: an answer that arrives late. */
  readonly beforeEnding?: Gate;
  readonly ending: Ending;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Endings that need no details. */
export const HANG: OwnEnding = { kind: 'hang' };
export const RESET: OwnEnding = { kind: 'reset' };
export const TRUNCATE: Ending = { kind: 'truncate' };
/** 200 with a JSON content type, and a body that is not JSON. */
export const GARBAGE: OwnEnding = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': JSON_TYPE },
  body: '{"uri":',
};

/** An XRPC error as a PDS words it. */
export function xrpcError(
  status: number,
  error: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): OwnEnding {
  const body = JSON.stringify({ error, message });
  return { kind: 'answer', status, headers: { 'content-type': JSON_TYPE, ...headers }, body };
}

/** An outage in the PDS (500) or in front of it (502, 503, 504: an HTML page, as a gateway sends it). */
export function outage(status: 500 | 502 | 503 | 504): OwnEnding {
  if (status === 500) return xrpcError(500, 'InternalServerError', 'Internal Server Error');
  const headers = { 'content-type': 'text/html' };
  return { kind: 'answer', status, headers, body: `<html><body><h1>${status}</h1></body></html>` };
}

/** Throttled until `resetAt` (Unix seconds), in the PDS's own headers. */
export function rateLimited(resetAt: number): OwnEnding {
  return xrpcError(429, 'RateLimitExceeded', 'Rate Limit Exceeded', {
    'ratelimit-limit': '3000',
    'ratelimit-remaining': '0',
    'ratelimit-reset': String(resetAt),
    'ratelimit-policy': '3000;w=300',
  });
}

/** An expired token: 400 from a PDS, 401 from some services in front of one. */
export function expiredToken(status: 400 | 401 = 400): OwnEnding {
  return xrpcError(status, 'ExpiredToken', 'Token has expired');
}

/** The PDS never sees the request; the client meets `ending`. */
export function before(ending: OwnEnding): Fault {
  return { reachesPds: false, ending };
}

/** The PDS gets the request and answers it; the client meets `ending` instead. */
export function afterCommit(ending: Ending): Fault {
  return { reachesPds: true, ending };
}

/** The request is held back in transit until `gate` resolves, then takes its normal course. */
export function arrivesLate(gate: Gate): Fault {
  return { reachesPds: true, beforePds: gate, ending: { kind: 'real' } };
}

/** The PDS answers at once; the client gets its answer when `gate` resolves. */
export function answersLate(gate: Gate): Fault {
  return { reachesPds: true, beforeEnding: gate, ending: { kind: 'real' } };
}
