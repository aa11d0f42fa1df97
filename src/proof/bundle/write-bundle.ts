// Writes a bundle: the three files page by page beside each other, then what vouches for them, then the ZIP.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CSV_HEAD, csvLine } from '../../domain/proof/csv.ts';
import {
  BUNDLE_FILES,
  canonicalText,
  HMAC_ALGORITHM,
  HMAC_FILE,
  hmacLine,
  type ListedFile,
  MANIFEST_FILE,
  MANIFEST_FORMAT,
  type Manifest,
  SIGNATURE_ALGORITHM,
  SIGNATURE_FILE,
} from '../../domain/proof/manifest.ts';
import { type ProofRecord, recordLine } from '../../domain/proof/record.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import type { Authenticator, Signer } from '../keys.ts';
import { beginProofPdf } from '../pdf/proof-pdf.ts';
import { containerOf } from './container.ts';
import { openHashedFile } from './hashed-file.ts';

export type BundleAbout = Pick<Manifest, 'exportId' | 'workspace' | 'range'>;

interface Listed {
  readonly records: number;
  readonly digests: Readonly<Record<ListedFile, { readonly sha256: string; readonly sizeBytes: number }>>;
}

/** Writes the three files into the folder, which is made; `told` hears after each page how many records there are. */
export async function writeRecords(
  folder: string,
  about: BundleAbout,
  pages: AsyncIterable<readonly ProofRecord[]>,
  told: (records: number) => Promise<void>,
): Promise<Listed> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const open = (name: ListedFile) => openHashedFile(join(folder, name));
  const [csv, pdf, jsonl] = [await open('proof.csv'), await open('proof.pdf'), await open('records.jsonl')];
  const files = [csv, pdf, jsonl];
  const { workspace, range } = about;
  const receipts = beginProofPdf(pdf, { workspace: workspace.name, ...range });
  let records = 0;
  csv.append(CSV_HEAD);
  try {
    for await (const page of pages) {
      for (const record of page) {
        csv.append(csvLine(record));
        jsonl.append(`${recordLine(record)}\n`);
        receipts.add(record);
      }
      records += page.length;
      for (const file of files) await file.drain();
      await told(records);
    }
    receipts.end();
  } catch (error) {
    await Promise.allSettled(files.map((file) => file.close()));
    throw error;
  }
  const digests = {
    'proof.csv': await csv.close(),
    'proof.pdf': await pdf.close(),
    'records.jsonl': await jsonl.close(),
  };
  return { records, digests };
}

export interface Sealing {
  readonly signer: Signer;
  readonly authenticator: Authenticator;
  readonly generatedAt: Date;
}

/** Adds the manifest and what vouches for it to the folder. */
export async function writeManifest(
  folder: string,
  about: BundleAbout,
  { records, digests }: Listed,
  { signer, authenticator, generatedAt }: Sealing,
): Promise<void> {
  const { 'proof.csv': csv, 'proof.pdf': pdf, 'records.jsonl': jsonl } = digests;
  const manifest = canonicalText({
    format: MANIFEST_FORMAT,
    ...about,
    records,
    generatedAt: generatedAt.toISOString(),
    sha256: { 'proof.csv': csv.sha256, 'proof.pdf': pdf.sha256, 'records.jsonl': jsonl.sha256 },
    signature: { algorithm: SIGNATURE_ALGORITHM, keyId: signer.keyId },
    hmac: { algorithm: HMAC_ALGORITHM, keyId: authenticator.keyId },
  });
  const hmac = hmacLine(authenticator.keyId, authenticator.authenticate(manifest));
  const seal = canonicalText({ sha256: { 'manifest.hmac': sha256Hex(hmac), 'manifest.json': sha256Hex(manifest) } });
  await save(folder, MANIFEST_FILE, manifest);
  await save(folder, HMAC_FILE, hmac);
  await save(folder, SIGNATURE_FILE, await signer.sign(seal));
}

const save = (folder: string, name: string, text: string) =>
  writeFile(join(folder, name), text, { mode: 0o600, flag: 'wx' });

/** Puts the files of the folder into one ZIP. */
export async function writeContainer(
  folder: string,
  path: string,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const files = await Promise.all(
    BUNDLE_FILES.map(async (name) => ({
      name,
      sizeBytes: (await stat(join(folder, name))).size,
      open: () => createReadStream(join(folder, name)),
    })),
  );
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(containerOf(files), count, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
  return { sizeBytes, sha256: hash.digest('hex') };
}
