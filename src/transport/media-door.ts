// Opens a file at the address a user gave: follows redirects, each checked like the first address, and tells what
// stands in the way by type. It never reaches into a private network unless the settings allow it.
import type { Agent, Dispatcher } from 'undici';
import { unavailable } from './media-unavailable.ts';
import { type Outbound, signed } from './outbound.ts';
import { type AddressRule, assertHost, PrivateAddress } from './public-address.ts';

const REDIRECTS = 3;

/** How one file is fetched. */
export interface Door {
  readonly agent: Agent;
  readonly mayReach: AddressRule;
  readonly outbound: Outbound;
  readonly signal: AbortSignal | undefined;
}

export interface OpenFile {
  /** Where the redirects ended. */
  readonly url: URL;
  readonly response: Dispatcher.ResponseData;
}

export interface Wanted {
  readonly method?: 'GET' | 'HEAD';
  /** For example `bytes=0-65535`. */
  readonly range?: string;
  /** The statuses that are an answer; all others are told as "not served". */
  readonly answers?: readonly number[];
}

/** Asks for the file, or a part of it. @throws MediaUnavailable */
export async function openFile(door: Door, first: URL, wanted: Wanted = {}): Promise<OpenFile> {
  const { answers = [200] } = wanted;
  let url = first;
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const response = await ask(door, url, wanted);
    if (answers.includes(response.statusCode)) return { url, response };
    await discard(response);
    if (response.statusCode < 300 || response.statusCode >= 400) throw notServed(url, response.statusCode);
    url = target(url, response);
  }
  throw unavailable('refused', url, `is behind more than ${REDIRECTS} redirects`);
}

async function ask(door: Door, url: URL, { method = 'GET', range }: Wanted): Promise<Dispatcher.ResponseData> {
  const { agent, mayReach, outbound, signal } = door;
  try {
    assertHost(url, mayReach);
    const headers = { accept: '*/*', 'accept-encoding': 'identity', ...(range === undefined ? {} : { range }) };
    return await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: signed(outbound, headers),
      signal: signal ?? null,
    });
  } catch (error) {
    if (error instanceof PrivateAddress)
      throw unavailable('private_address', url, 'is at an address of a private network');
    throw unavailable('unreachable', url, `could not be reached (${codeOf(error)})`);
  }
}

/** Lets go of an answer whose body nobody reads. */
export async function discard(response: Dispatcher.ResponseData): Promise<void> {
  await response.body.dump().catch(() => undefined);
}

function notServed(url: URL, status: number) {
  const mayWorkLater = status >= 500 || status === 408 || status === 429;
  return unavailable(mayWorkLater ? 'unreachable' : 'refused', url, `is not served: the answer was ${status}`);
}

function target(from: URL, response: Dispatcher.ResponseData): URL {
  const location = asWritten(String(response.headers.location ?? ''));
  const to = location !== '' && URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (to?.protocol === 'http:' || to?.protocol === 'https:') return to;
  throw unavailable(
    'refused',
    from,
    `is not served: the answer was ${response.statusCode} without an address to go on to`,
  );
}

/**
 * The header as its server wrote it. Bytes of a header arrive as Latin-1; servers write file names there as raw UTF-8,
 * against RFC 9110 and so often that browsers read it. What is no UTF-8 stays as it came.
 */
function asWritten(header: string): string {
  const bytes = Buffer.from(header, 'latin1');
  if (bytes.toString('latin1') !== header) return header;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return header;
  }
}

/** The error's code or name; never its message, which may carry an address. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
