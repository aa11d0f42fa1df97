// A file of which only parts are read: by ranges where its server knows them (RFC 9110, 14), else from its beginning.
// How much of one file is read is bounded, whatever its server or its headers say.
import type { Dispatcher } from 'undici';
import { codeOf, type Door, discard, type OpenFile, openFile } from '../media-door.ts';
import { unavailable } from '../media-unavailable.ts';
import { type ContentRange, contentRange } from './content-range.ts';

/** Read at once; what a file says of itself mostly stands there. */
export const FIRST_BYTES = 64 * 1024;
/** Asked for together afterwards. */
const BLOCK_BYTES = 256 * 1024;
/** Of one file, all parts together. */
const READ_BYTES = 9 * 1024 ** 2;
const RANGES = 64;
/** Counted, and not kept, of a file whose server does not say how long it is. */
const COUNTED_BYTES = 64 * 1024 ** 2;

export interface PartFile {
  readonly url: URL;
  /** How long its server says that it is; null when it does not. */
  readonly sizeBytes: number | null;
  /**
   * The bytes from `from` up to `to`, fewer where the file ends before. Null where that would be too much to read.
   * @throws MediaUnavailable
   */
  read(from: number, to: number): Promise<Uint8Array | null>;
  /** Reads on to the end to learn its size; null where that is too far. @throws MediaUnavailable */
  count(): Promise<number | null>;
  close(): Promise<void>;
}

/** Opens a file at its beginning. @throws MediaUnavailable */
export async function openPart(door: Door, address: URL): Promise<PartFile> {
  const range = `bytes=0-${FIRST_BYTES - 1}`;
  const answered = await openFile(door, address, { range, answers: [200, 206, 416] });
  const { url, response } = answered;
  if (response.headers['content-encoding'] !== undefined && response.headers['content-encoding'] !== 'identity') {
    await discard(response);
    throw unavailable('refused', url, 'is sent compressed, though it was asked for as it is');
  }
  const part = contentRange(response.headers['content-range']);
  if (response.statusCode === 200) return fromBeginning(answered, announcedSize(response));
  if (response.statusCode === 206 && part?.from === 0) {
    const first = await upTo(url, response, FIRST_BYTES);
    return byRanges(door, url, first, part);
  }
  await discard(response);
  // An empty file has no range to give; a server that gives another part than was asked for gives none that counts.
  if (response.statusCode === 416 && part?.total === 0) throw unavailable('wrong_size', url, 'is empty');
  const whole = await openFile(door, url);
  return fromBeginning(whole, announcedSize(whole.response));
}

function announcedSize({ headers }: Dispatcher.ResponseData): number | null {
  const announced = String(headers['content-length'] ?? '');
  return /^\d{1,15}$/.test(announced) ? Number(announced) : null;
}

function byRanges(door: Door, url: URL, first: Uint8Array, { total }: ContentRange): PartFile {
  const blocks = new Map<number, Uint8Array>();
  let readBytes = first.byteLength;
  let ranges = 1;
  const fetchPart = async (from: number, to: number): Promise<Uint8Array | null> => {
    ranges += 1;
    readBytes += to - from;
    if (ranges > RANGES || readBytes > READ_BYTES) return null;
    const { response } = await openFile(door, url, { range: `bytes=${from}-${to - 1}`, answers: [206, 416] });
    const part = contentRange(response.headers['content-range']);
    if (response.statusCode === 206 && part?.from === from && part.total === total)
      return upTo(url, response, to - from);
    await discard(response);
    if (response.statusCode === 416) return new Uint8Array();
    throw unavailable('unreachable', url, 'changed while it was read');
  };
  const block = async (index: number): Promise<Uint8Array | null> => {
    const known = blocks.get(index);
    if (known) return known;
    const from = index * BLOCK_BYTES;
    const fetched = await fetchPart(from, Math.min(from + BLOCK_BYTES, total ?? Number.MAX_SAFE_INTEGER));
    if (fetched) blocks.set(index, fetched);
    return fetched;
  };
  return {
    url,
    sizeBytes: total,
    async read(from, to) {
      const end = Math.min(to, total ?? to);
      if (end <= first.byteLength) return first.subarray(from, end);
      const parts: Uint8Array[] = [];
      for (let index = Math.floor(from / BLOCK_BYTES); index * BLOCK_BYTES < end; index += 1) {
        const found = await block(index);
        if (!found) return null;
        parts.push(found);
        if (found.byteLength < BLOCK_BYTES) break;
      }
      const start = Math.floor(from / BLOCK_BYTES) * BLOCK_BYTES;
      return Buffer.concat(parts).subarray(from - start, end - start);
    },
    count: () => countByLastByte(door, url),
    close: async () => {},
  };
}

/** HEAD's word is a hint; that one byte is left from the one before the end proves it. */
async function countByLastByte(door: Door, address: URL): Promise<number | null> {
  const head = await openFile(door, address, { method: 'HEAD', answers: [200, 204, 405, 501] });
  await discard(head.response);
  const hint = announcedSize(head.response);
  if (head.response.statusCode !== 200 || hint === null || hint === 0) return null;
  const { response, url } = await openFile(door, address, { range: `bytes=${hint - 1}-${hint}`, answers: [206, 416] });
  const part = contentRange(response.headers['content-range']);
  const last = await upTo(url, response, 2);
  return response.statusCode === 206 && part?.from === hint - 1 && last.byteLength === 1 ? hint : null;
}

function fromBeginning({ url, response }: OpenFile, sizeBytes: number | null): PartFile {
  const body = response.body[Symbol.asyncIterator]();
  let kept = Buffer.alloc(0);
  let ended = false;
  const next = async (): Promise<Uint8Array | null> => {
    const { value, done } = await body.next().catch((error: unknown) => {
      throw unavailable('unreachable', url, `broke off while it was read (${codeOf(error)})`);
    });
    ended = done === true;
    return ended ? null : value;
  };
  return {
    url,
    sizeBytes,
    async read(from, to) {
      if (to > READ_BYTES) return null;
      const parts: Uint8Array[] = [kept];
      for (let bytes = kept.byteLength; bytes < to && !ended; ) {
        const part = await next();
        if (!part) break;
        parts.push(part);
        bytes += part.byteLength;
      }
      kept = Buffer.concat(parts);
      return kept.subarray(from, to);
    },
    async count() {
      let counted = kept.byteLength;
      while (!ended) {
        const part = await next();
        counted += part?.byteLength ?? 0;
        if (counted > COUNTED_BYTES) return null;
      }
      return counted;
    },
    close: async () => void response.body.destroy(),
  };
}

/** The body, of which no more than `limit` bytes are read. */
async function upTo(url: URL, response: Dispatcher.ResponseData, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body) {
      parts.push(part);
      bytes += part.byteLength;
      if (bytes >= limit) break;
    }
  } catch (error) {
    throw unavailable('unreachable', url, `broke off while it was read (${codeOf(error)})`);
  }
  return Buffer.concat(parts).subarray(0, limit);
}
