// Answers for one stored file over HTTP: whole, or one range of it (RFC 9110, 14). Platforms fetch large videos in parts.
import { Readable } from 'node:stream';
import type { StoredFile } from '../ledger/media/stored-media.ts';
import type { Blobs, ByteRange } from './blobs.ts';

const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/** The answer for a file. What asks for several ranges gets the whole, as it may. @throws BlobMissing, StoreAway */
export async function serveStored(
  blobs: Blobs,
  file: StoredFile,
  { method, range }: { readonly method: string; readonly range: string | undefined },
): Promise<Response> {
  const { mediaType, sizeBytes, sha256 } = file;
  const headers = {
    'Content-Type': mediaType,
    'Accept-Ranges': 'bytes',
    ETag: `"${sha256}"`,
    'Cache-Control': 'private, max-age=300',
  };
  const part = rangeOf(range, sizeBytes);
  if (part === 'unsatisfiable') {
    return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${sizeBytes}` } });
  }
  const length = part ? part.to - part.from + 1 : sizeBytes;
  const sent = {
    ...headers,
    'Content-Length': String(length),
    ...(part ? { 'Content-Range': `bytes ${part.from}-${part.to}/${sizeBytes}` } : {}),
  };
  const status = part ? 206 : 200;
  if (method === 'HEAD') return new Response(null, { status, headers: sent });
  const body = Readable.from(await blobs.read(file, part ?? undefined), { objectMode: false });
  return new Response(Readable.toWeb(body), { status, headers: sent });
}

/** Null where the whole is wanted, or what cannot be understood, which asks for the whole as well. */
function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = RANGE.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const from = Math.max(0, sizeBytes - Number(last));
    return Number(last) === 0 ? 'unsatisfiable' : { from, to: sizeBytes - 1 };
  }
  const from = Number(first);
  const to = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < from) return null;
  return from >= sizeBytes ? 'unsatisfiable' : { from, to };
}
