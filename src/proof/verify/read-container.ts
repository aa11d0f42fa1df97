// Finds the files of a bundle in its ZIP without unpacking anything: they are stored as they are, so each is a range of bytes.
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { BUNDLE_FILES, type BundleFile } from '../../domain/proof/manifest.ts';
import { type BrokenBundle, broken } from '../../domain/proof/verdict.ts';

export interface StoredFile {
  readonly name: BundleFile;
  readonly sizeBytes: number;
  open(): Readable;
}

export interface ReadContainer {
  readonly holds: true;
  readonly sizeBytes: number;
  /** In the order in which a bundle has them. */
  readonly files: ReadonlyMap<BundleFile, StoredFile>;
}

/** Many more than a bundle has, so that an extra one can be named. */
const MOST_FILES = 32;
const CHUNK_BYTES = 256 * 1_024;
const LOCAL_HEADER = Buffer.from('PK\u0003\u0004');

/** The files of the bundle, or what is wrong with the ZIP. */
export async function readContainer(file: FileHandle): Promise<ReadContainer | BrokenBundle> {
  const { size } = await file.stat();
  let zip: ZipFile;
  try {
    zip = await fromFdPromise(file.fd, { autoClose: false, lazyEntries: true, strictFileNames: true });
  } catch {
    return broken(await whatItIs(file));
  }
  if (zip.entryCount > MOST_FILES) return broken('packed');
  try {
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    return problemOf(entries, size) ?? (await stored(file, zip, entries, size));
  } catch {
    return broken('damaged');
  }
}

/** What the beginning says of a file whose end is not that of a ZIP. */
async function whatItIs(file: FileHandle): Promise<'truncated' | 'not_a_zip'> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LOCAL_HEADER.length), 0, LOCAL_HEADER.length, 0);
  return bytesRead === LOCAL_HEADER.length && buffer.equals(LOCAL_HEADER) ? 'truncated' : 'not_a_zip';
}

function problemOf(entries: readonly Entry[], size: number): BrokenBundle | null {
  const packed = entries.some(
    (entry) => entry.compressionMethod !== 0 || entry.isEncrypted() || entry.compressedSize !== entry.uncompressedSize,
  );
  if (packed || entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0) > size) return broken('packed');
  const names = entries.map(({ fileName }) => fileName);
  const missing = BUNDLE_FILES.find((name) => !names.includes(name));
  if (missing) return broken('missing_file', missing);
  const extra = names.find((name, index) => !isOurs(name) || names.indexOf(name) !== index);
  return extra === undefined ? null : broken('extra_file', JSON.stringify(extra.slice(0, 100)));
}

const isOurs = (name: string) => BUNDLE_FILES.some((known) => known === name);

async function stored(
  file: FileHandle,
  zip: ZipFile,
  entries: readonly Entry[],
  sizeBytes: number,
): Promise<ReadContainer | BrokenBundle> {
  const files = new Map<BundleFile, StoredFile>();
  for (const name of BUNDLE_FILES) {
    const entry = entries.find(({ fileName }) => fileName === name);
    if (!entry) return broken('missing_file', name);
    const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const length = entry.uncompressedSize;
    if (start + length > sizeBytes) return broken('truncated');
    files.set(name, { name, sizeBytes: length, open: () => rangeOf(file, start, length) });
  }
  return { holds: true, sizeBytes, files };
}

/** Read by hand: each stream that Node makes of a file handle leaves a listener on it for good. */
function rangeOf(file: FileHandle, start: number, length: number): Readable {
  return Readable.from(chunksOf(file, start, start + length), { objectMode: false });
}

async function* chunksOf(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(CHUNK_BYTES, end - at)), 0, undefined, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
