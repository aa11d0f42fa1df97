// Reads media files from the addresses users gave, in chunks, and only when they are what the schedule says. It never
// reaches into a private network unless the settings allow it.
import { Agent, type Dispatcher } from 'undici';
import { inChunks } from './in-chunks.ts';
import { fitsMediaType, MAGIC_BYTES } from './magic-bytes.ts';
import { type MediaUnavailable, unavailable } from './media-unavailable.ts';
import { type Outbound, signed } from './outbound.ts';
import { type AddressRule, assertHost, guardedLookup, isPublicAddress, PrivateAddress } from './public-address.ts';

const REDIRECTS = 3;
const CONNECT_TIMEOUT_MS = 10_000;

export interface MediaSourceSettings extends Outbound {
  /** Lets addresses of private networks pass, for laptops and tests. */
  readonly allowPrivateHosts: boolean;
  /** The longest wait for the answer's head, and between two parts of its body. */
  readonly timeoutMs: number;
  /** Which addresses are public; those of the internet unless told otherwise. */
  readonly isPublic?: AddressRule | undefined;
}

/** What the schedule says of a file. */
export interface ExpectedMedia {
  readonly sizeBytes: number;
  readonly mediaType: string;
}

export interface OpenMediaSource {
  /**
   * Reads a file in chunks of exactly `chunkBytes`; the last may be shorter. A file that turns out too long or too
   * short fails after its chunks, so use none of them before the end. Breaks off when the signal fires.
   * @throws MediaUnavailable
   */
  chunks(url: string, expected: ExpectedMedia, chunkBytes: number, signal?: AbortSignal): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/** Opens the one door to users' media of this process. */
export function createMediaSource(settings: MediaSourceSettings): OpenMediaSource {
  const { allowPrivateHosts, timeoutMs, isPublic = isPublicAddress } = settings;
  const mayReach: AddressRule = allowPrivateHosts ? () => true : isPublic;
  const agent = new Agent({
    allowH2: false,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: Math.min(timeoutMs, CONNECT_TIMEOUT_MS), lookup: guardedLookup(mayReach) },
  });
  return {
    async *chunks(address, expected, chunkBytes, signal) {
      const file = await open({ agent, mayReach, outbound: settings, signal }, new URL(address));
      yield* inChunks(verified(file, expected), chunkBytes);
    },
    close: () => agent.destroy(),
  };
}

/** How one file is fetched. */
interface Door {
  readonly agent: Agent;
  readonly mayReach: AddressRule;
  readonly outbound: Outbound;
  readonly signal: AbortSignal | undefined;
}

interface OpenFile {
  readonly url: URL;
  readonly response: Dispatcher.ResponseData;
}

/** Follows redirects, each checked like the first address. */
async function open(door: Door, first: URL): Promise<OpenFile> {
  let url = first;
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const response = await get(door, url);
    if (response.statusCode === 200) return { url, response };
    await discard(response);
    if (response.statusCode < 300 || response.statusCode >= 400) throw notServed(url, response.statusCode);
    url = target(url, response);
  }
  throw unavailable('refused', url, `is behind more than ${REDIRECTS} redirects`);
}

async function get({ agent, mayReach, outbound, signal }: Door, url: URL): Promise<Dispatcher.ResponseData> {
  try {
    assertHost(url, mayReach);
    const headers = signed(outbound, { accept: '*/*', 'accept-encoding': 'identity' });
    const { origin, pathname, search } = url;
    return await agent.request({
      origin,
      path: `${pathname}${search}`,
      method: 'GET',
      headers,
      signal: signal ?? null,
    });
  } catch (error) {
    if (error instanceof PrivateAddress)
      throw unavailable('private_address', url, 'is at an address of a private network');
    throw unavailable('unreachable', url, `could not be reached (${codeOf(error)})`);
  }
}

async function discard(response: Dispatcher.ResponseData): Promise<void> {
  await response.body.dump().catch(() => undefined);
}

function notServed(url: URL, status: number): MediaUnavailable {
  const mayWorkLater = status >= 500 || status === 408 || status === 429;
  return unavailable(mayWorkLater ? 'unreachable' : 'refused', url, `is not served: the answer was ${status}`);
}

function target(from: URL, response: Dispatcher.ResponseData): URL {
  const location = String(response.headers.location ?? '');
  const to = location !== '' && URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  if (to?.protocol === 'http:' || to?.protocol === 'https:') return to;
  throw unavailable(
    'refused',
    from,
    `is not served: the answer was ${response.statusCode} without an address to go on to`,
  );
}

/** Passes the body on once its first bytes fit the media type, and fails as soon as its size cannot be right. */
async function* verified(file: OpenFile, expected: ExpectedMedia): AsyncGenerator<Uint8Array> {
  const { url } = file;
  const wrongSize = (is: string) => unavailable('wrong_size', url, `has ${is} bytes, not ${expected.sizeBytes}`);
  let start: Buffer | null = Buffer.alloc(0);
  let sizeBytes = 0;
  for await (const part of parts(file, expected)) {
    sizeBytes += part.byteLength;
    if (sizeBytes > expected.sizeBytes) throw wrongSize('more');
    start = start && Buffer.concat([start, part]);
    if (start && start.byteLength < MAGIC_BYTES) continue;
    if (start) assertType(url, start, expected);
    yield start ?? part;
    start = null;
  }
  if (sizeBytes !== expected.sizeBytes) throw wrongSize(String(sizeBytes));
  // Too short for any signature.
  if (start) assertType(url, start, expected);
}

async function* parts({ url, response }: OpenFile, expected: ExpectedMedia): AsyncGenerator<Uint8Array> {
  const announced = response.headers['content-length'];
  if (announced !== undefined && Number(announced) !== expected.sizeBytes) {
    await discard(response);
    throw unavailable('wrong_size', url, `has ${String(announced)} bytes, not ${expected.sizeBytes}`);
  }
  try {
    yield* response.body;
  } catch (error) {
    throw unavailable('unreachable', url, `broke off while it was read (${codeOf(error)})`);
  }
}

function assertType(url: URL, start: Uint8Array, { mediaType }: ExpectedMedia): void {
  if (!fitsMediaType(start, mediaType)) throw unavailable('wrong_type', url, `is not ${mediaType}`);
}

/** The error's code or name; never its message, which may carry an address. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
