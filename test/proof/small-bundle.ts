// A bundle of a few records, made by the real writer with keys of its own.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProofRecord } from '../../src/domain/proof/record.ts';
import { type BundleAbout, writeContainer, writeManifest, writeRecords } from '../../src/proof/bundle/write-bundle.ts';
import { authenticatorOf, newProofKey, signerOf } from '../../src/proof/keys.ts';
import { newSecret } from '../../src/runtime/ids.ts';

const GENERATED_AT = new Date('2026-12-01T06:00:00.000Z');

export const ABOUT: BundleAbout = {
  exportId: '5f0a3d0e-6f0b-4c7c-9d7e-0a1b2c3d4e5f',
  workspace: { id: '0c9c5e0a-1b2c-4d3e-8f40-5a6b7c8d9e0f', name: 'Harbour Press' },
  range: { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z', platforms: [], accounts: [] },
};

/** A record of a post that is live, changed where a test wants it. */
export function aRecord(changes: Partial<ProofRecord> = {}): ProofRecord {
  return {
    scheduleId: 'post-1',
    versionFingerprint: 'a'.repeat(64),
    targetAccount: 'harbour',
    platform: 'x',
    publishAtISO: '2026-11-02T09:00:00.000Z',
    approverIdentity: 'Ann Approver',
    approverSource: 'internal',
    approvalTimestamp: '2026-11-01T17:00:00.000Z',
    invalidationReason: null,
    publishOutcome: 'published',
    publishedAtISO: '2026-11-02T09:00:01.250Z',
    platformPostId: '1854',
    exceptionCause: null,
    recoveryAction: 'none',
    recoveryActor: 'nightly pipeline',
    deliverySetId: null,
    deliverySetMemberCount: null,
    ...changes,
  };
}

export const RECORDS: readonly ProofRecord[] = [
  aRecord(),
  aRecord({
    scheduleId: 'post-2',
    publishOutcome: 'publish_failed',
    publishedAtISO: null,
    platformPostId: null,
    exceptionCause: 'media_invalid',
    recoveryAction: 'review_media',
  }),
  aRecord({
    scheduleId: 'post-3',
    publishAtISO: '2026-11-03T09:00:00.000Z',
    deliverySetId: 'launch',
    deliverySetMemberCount: 3,
  }),
];

export interface SmallBundle {
  readonly folder: string;
  readonly zip: string;
  readonly bytes: Buffer;
  /** A JWKS with the public key. */
  readonly keys: string;
  readonly secret: string;
  remove(): Promise<void>;
}

/** Writes the bundle into a folder of its own. */
export async function writeSmallBundle(records = RECORDS, about = ABOUT): Promise<SmallBundle> {
  const root = await mkdtemp(join(tmpdir(), 'oncepost-proof-'));
  const [folder, zip] = [join(root, 'files'), join(root, 'bundle.zip')];
  const key = await newProofKey();
  const secret = newSecret('oph_');
  const listed = await writeRecords(folder, about, pagesOf(records), async () => {});
  const authenticator = authenticatorOf({ id: randomUUID(), secret });
  await writeManifest(folder, about, listed, { signer: signerOf(key), authenticator, generatedAt: GENERATED_AT });
  await writeContainer(folder, zip);
  const keys = JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: key.publicKey, kid: key.id }] });
  return {
    folder,
    zip,
    bytes: await readFile(zip),
    keys,
    secret,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Two records a page. */
async function* pagesOf(records: readonly ProofRecord[]): AsyncIterable<readonly ProofRecord[]> {
  for (let at = 0; at < records.length; at += 2) yield records.slice(at, at + 2);
}
