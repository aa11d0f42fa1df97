// The one door to users' media: facts read from a file's first bytes, and the file itself in chunks, only when it is
// what the schedule says.
import { Agent } from 'undici';
import { connector } from './connector.ts';
import { fitsMediaType, MAGIC_BYTES } from './facts/magic-bytes.ts';
import { type MediaFacts, readFacts } from './facts/media-facts.ts';
import { inChunks } from './in-chunks.ts';
import { codeOf, type Door, discard, type OpenFile, openFile } from './media-door.ts';
import { unavailable } from './media-unavailable.ts';
import type { Outbound } from './outbound.ts';
import { type AddressRule, guardedLookup, isPublicAddress } from './public-address.ts';

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
  /** What the file says of itself, read from a part of it. @throws MediaUnavailable */
  facts(url: string, signal?: AbortSignal): Promise<MediaFacts>;
  /** The status with which an address answers in the end, behind its redirects. @throws MediaUnavailable where none does */
  status(url: string, signal?: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

/** Everything that is an answer and no redirect. */
const FINAL_STATUSES = [200, 400, 500].flatMap((first) => Array.from({ length: 100 }, (_, next) => first + next));

/** Opens the one door to users' media of this process. */
export function createMediaSource(settings: MediaSourceSettings): OpenMediaSource {
  const { allowPrivateHosts, timeoutMs, isPublic = isPublicAddress } = settings;
  const mayReach: AddressRule = allowPrivateHosts ? () => true : isPublic;
  const agent = new Agent({
    allowH2: false,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: connector(settings, {
      timeoutMs: Math.min(timeoutMs, CONNECT_TIMEOUT_MS),
      lookup: guardedLookup(mayReach),
      mayReach,
    }),
  });
  const door = (signal: AbortSignal | undefined): Door => ({ agent, mayReach, outbound: settings, signal });
  return {
    async *chunks(address, expected, chunkBytes, signal) {
      const file = await openFile(door(signal), new URL(address));
      yield* inChunks(verified(file, expected), chunkBytes);
    },
    facts: (address, signal) => readFacts(door(signal), new URL(address)),
    async status(address, signal) {
      const { response } = await openFile(door(signal), new URL(address), { answers: FINAL_STATUSES });
      // Of a page nobody needs more than the status.
      response.body.on('error', () => undefined).destroy();
      return response.statusCode;
    },
    close: () => agent.destroy(),
  };
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
