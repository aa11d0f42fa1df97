// One call to the API: sent again only where that is safe, answered by a checked body or by a typed error.
import type { z } from 'zod';
import { errorBodySchema } from '../domain/api/api-problems.ts';
import { invalidRequest, OncepostRefused, OncepostUnreachable } from './errors.ts';

const TRIES = 4;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const ANSWERED_WITHIN_MS = 30_000;
const UPLOADED_WITHIN_MS = 3_600_000;

/** Answers that may be others in a moment; of the 409s, only the one that says that the first try is being answered. */
const PASSING = new Set([429, 502, 503, 504]);
const IN_PROGRESS = 'idempotency_in_progress';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Connection {
  readonly url: string;
  readonly apiKey: string;
  readonly fetch: Fetch;
}

export interface Call<Answer extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Sent as it is, instead of a body; it takes its time. */
  readonly file?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: Answer;
  readonly signal?: AbortSignal | undefined;
  /** It neither reads nor carries a key, so it is sent once: sent again it might find what it has changed itself. */
  readonly once?: true;
}

/** Calls; every call but those of `once` may be repeated: it reads, carries a key, or says again what stands already. @throws OncepostRefused, OncepostUnreachable */
export async function call<Answer extends z.ZodType>(
  connection: Connection,
  wanted: Call<Answer>,
): Promise<z.infer<Answer>> {
  assertUsable(connection);
  let failure: OncepostRefused | OncepostUnreachable | null = null;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const outcome = await tryOnce(connection, wanted);
    if (outcome.kind === 'answered') return outcome.value;
    failure = outcome.failure;
    const waitMs = outcome.waitMs ?? FIRST_PAUSE_MS * 2 ** attempt;
    const worthWaiting = outcome.passing && waitMs <= LONGEST_PAUSE_MS && attempt + 1 < TRIES && !wanted.once;
    if (!worthWaiting || wanted.signal?.aborted) break;
    await pause(waitMs, wanted.signal);
  }
  throw failure ?? new OncepostUnreachable('Oncepost was not asked.');
}

/** The bytes of an answer that is no JSON, as they come; asked once. @throws OncepostRefused, OncepostUnreachable */
export async function download(connection: Connection, path: string): Promise<ReadableStream<Uint8Array>> {
  assertUsable(connection);
  const { url, apiKey, fetch } = connection;
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}${path}`, { headers, redirect: 'error' }).catch((cause: unknown) => {
    throw new OncepostUnreachable(`Oncepost at ${url} did not answer; try it again.`, { cause });
  });
  if (response.ok && response.body) return response.body;
  const refusal = errorBodySchema.safeParse(parse(await response.text()));
  if (refusal.success) throw new OncepostRefused(response.status, refusal.data.error);
  throw new OncepostUnreachable(
    `What answered at ${url} (status ${response.status}) is not Oncepost; check the address.`,
  );
}

/** An address or key that can never work is told at once, and not as a server that does not answer. */
function assertUsable({ url, apiKey }: Connection): void {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw invalidRequest([{ field: 'url', problem: 'must be the http or https address of Oncepost' }]);
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw invalidRequest([{ field: 'apiKey', problem: 'must be an API key: visible ASCII characters without spaces' }]);
  }
}

type Outcome<Value> =
  | { readonly kind: 'answered'; readonly value: Value }
  | {
      readonly kind: 'failed';
      readonly failure: OncepostRefused | OncepostUnreachable;
      /** Another try may bring another answer. */
      readonly passing: boolean;
      readonly waitMs: number | null;
    };

async function tryOnce<Answer extends z.ZodType>(
  connection: Connection,
  wanted: Call<Answer>,
): Promise<Outcome<z.infer<Answer>>> {
  let response: Response;
  let text: string;
  try {
    response = await connection.fetch(`${connection.url}${wanted.path}`, initOf(connection, wanted));
    text = await response.text();
  } catch (error) {
    if (wanted.signal?.aborted) throw error;
    const failure = new OncepostUnreachable(
      `Oncepost at ${connection.url} did not answer; look before you send it again.`,
      { cause: error },
    );
    return { kind: 'failed', failure, passing: true, waitMs: null };
  }
  return read(connection, wanted, response, text);
}

function initOf({ apiKey }: Connection, { method, body, file, headers, signal }: Call<z.ZodType>): RequestInit {
  const limit = AbortSignal.timeout(file ? UPLOADED_WITHIN_MS : ANSWERED_WITHIN_MS);
  return {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    redirect: 'error',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(file === undefined ? {} : { body: file }),
  };
}

function read<Answer extends z.ZodType>(
  { url }: Connection,
  { answer }: Call<Answer>,
  response: Response,
  text: string,
): Outcome<z.infer<Answer>> {
  const { status } = response;
  const body = parse(text);
  if (response.ok) {
    const parsed = answer.safeParse(body);
    if (parsed.success) return { kind: 'answered', value: parsed.data };
  }
  const refusal = errorBodySchema.safeParse(body);
  if (!refusal.success) {
    const failure = new OncepostUnreachable(
      `What answered at ${url} (status ${status}) is not Oncepost, or a newer one; check the address.`,
    );
    return { kind: 'failed', failure, passing: PASSING.has(status), waitMs: retryAfterMs(response) };
  }
  const { error } = refusal.data;
  const failure = status >= 500 ? new OncepostUnreachable(error.message) : new OncepostRefused(status, error);
  const passing = PASSING.has(status) || error.code === IN_PROGRESS;
  return { kind: 'failed', failure, passing, waitMs: retryAfterMs(response) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/** Waits, or less when the signal fires. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
