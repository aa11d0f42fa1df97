// Checks a bundle from itself alone, offline: the signature, every digest, every record, and at last every byte of the ZIP.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import {
  BUNDLE_FILES,
  type BundleFile,
  HMAC_FILE,
  MANIFEST_FILE,
  type Manifest,
  SIGNATURE_FILE,
} from '../../domain/proof/manifest.ts';
import { type BrokenBundle, broken, type Fault, sound, type Verdict } from '../../domain/proof/verdict.ts';
import { containerOf } from '../bundle/container.ts';
import { readRecords } from './check-records.ts';
import { checkSignature, type Given, type Vouching } from './check-signature.ts';
import { type ReadContainer, readContainer, type StoredFile } from './read-container.ts';

/** Checks the file; it is read several times, and nothing is written. @throws when it cannot be read */
export async function verifyBundle(path: string, given: Given): Promise<Verdict> {
  const file = await open(path, 'r');
  try {
    const container = await readContainer(file);
    return container.holds ? await check(file, container, given) : container;
  } finally {
    await file.close();
  }
}

async function check(file: FileHandle, container: ReadContainer, given: Given): Promise<Verdict> {
  const vouching = await readVouching(container);
  if ('fault' in vouching) return vouching;
  const vouched = await checkSignature(vouching, given);
  if (!vouched.holds) return vouched;
  const { manifest, origin } = vouched;
  return (await filesFault(container, manifest)) ?? (await containerFault(file, container)) ?? sound(manifest, origin);
}

/** Longer ones are none of ours; they are read whole. */
const MOST_BYTES = {
  [MANIFEST_FILE]: 1024 * 1024,
  [SIGNATURE_FILE]: 16 * 1024,
  [HMAC_FILE]: 1024,
} as const satisfies Record<keyof Vouching, number>;

const UNREADABLE = {
  [MANIFEST_FILE]: 'manifest_unreadable',
  [SIGNATURE_FILE]: 'signature_unreadable',
  [HMAC_FILE]: 'hmac_unreadable',
} as const satisfies Record<keyof Vouching, Fault>;

async function readVouching(container: ReadContainer): Promise<Vouching | BrokenBundle> {
  const names = [MANIFEST_FILE, SIGNATURE_FILE, HMAC_FILE] as const;
  const tooLong = names.find((name) => fileOf(container, name).sizeBytes > MOST_BYTES[name]);
  if (tooLong) return broken(UNREADABLE[tooLong]);
  const read = (name: BundleFile) => text(fileOf(container, name).open());
  return {
    [MANIFEST_FILE]: await read(MANIFEST_FILE),
    [SIGNATURE_FILE]: await read(SIGNATURE_FILE),
    [HMAC_FILE]: await read(HMAC_FILE),
  };
}

async function filesFault(
  container: ReadContainer,
  { sha256, range, records }: Manifest,
): Promise<BrokenBundle | null> {
  for (const name of ['proof.csv', 'proof.pdf'] as const) {
    if ((await digestOf(fileOf(container, name))) !== sha256[name]) return broken('file_changed', name);
  }
  const read = await readRecords(fileOf(container, 'records.jsonl'), range);
  if (read.outOfOrder) return read.outOfOrder;
  if (read.sha256 !== sha256['records.jsonl']) return broken('file_changed', 'records.jsonl');
  if (read.fault) return read.fault;
  if (read.count !== records) return broken('count_differs', `${read.count} instead of ${records}`);
  return read.csvSha256 === sha256['proof.csv'] ? null : broken('csv_differs');
}

async function digestOf(file: StoredFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.open()) hash.update(chunk);
  return hash.digest('hex');
}

/** The bytes are those that our own writer makes of the same files, from the first to the last. */
async function containerFault(file: FileHandle, container: ReadContainer): Promise<BrokenBundle | null> {
  const files = BUNDLE_FILES.map((name) => fileOf(container, name));
  let at = 0;
  for await (const chunk of containerOf(files)) {
    const wanted = Buffer.from(chunk);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted.length), 0, wanted.length, at);
    if (!buffer.subarray(0, bytesRead).equals(wanted)) return broken('container_changed');
    at += wanted.length;
  }
  return at === container.sizeBytes ? null : broken('container_changed');
}

function fileOf({ files }: ReadContainer, name: BundleFile): StoredFile {
  const file = files.get(name);
  if (file) return file;
  throw new TypeError(`the container was read without ${name}`);
}
