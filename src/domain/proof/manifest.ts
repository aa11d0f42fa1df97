// The manifest of a bundle: what it holds, for which range, and the digest of each file. Its seal is what is signed: the
// digests of the manifest and of its HMAC, so that no byte of either can change unseen.
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { instantSchema } from '../schedules/item.ts';

/** The files that the manifest lists, and those that vouch for it; in the order in which they stand in the ZIP. */
export const LISTED_FILES = ['proof.csv', 'proof.pdf', 'records.jsonl'] as const;
export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.ed25519.jws';
export const HMAC_FILE = 'manifest.hmac';
export const BUNDLE_FILES = [MANIFEST_FILE, SIGNATURE_FILE, HMAC_FILE, ...LISTED_FILES] as const;
export type BundleFile = (typeof BUNDLE_FILES)[number];
export type ListedFile = (typeof LISTED_FILES)[number];

export const MANIFEST_FORMAT = 'oncepost-proof/1';
export const SIGNATURE_ALGORITHM = 'EdDSA';
export const HMAC_ALGORITHM = 'HMAC-SHA256';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const keyId = z.string().min(1).max(100);

export const manifestSchema = z.strictObject({
  format: z.literal(MANIFEST_FORMAT),
  exportId: z.uuid(),
  workspace: z.strictObject({ id: z.uuid(), name: z.string() }),
  range: z.strictObject({
    from: instantSchema,
    /** The first instant that is not in it. */
    to: instantSchema,
    /** Empty: all of them. */
    platforms: z.array(z.string()),
    accounts: z.array(z.string()),
  }),
  records: z.int().nonnegative(),
  generatedAt: instantSchema,
  sha256: z.strictObject({ 'proof.csv': digest, 'proof.pdf': digest, 'records.jsonl': digest }),
  signature: z.strictObject({ algorithm: z.literal(SIGNATURE_ALGORITHM), keyId }),
  hmac: z.strictObject({ algorithm: z.literal(HMAC_ALGORITHM), keyId }),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const sealSchema = z.strictObject({
  sha256: z.strictObject({ 'manifest.hmac': digest, 'manifest.json': digest }),
});
export type Seal = z.infer<typeof sealSchema>;

/** The bytes of `manifest.json`, and of what is signed: canonical JSON in UTF-8. */
export function canonicalText(value: Manifest | Seal): string {
  return canonicalize(value) ?? '';
}

/** The one line of `manifest.hmac`: the key's id, and the HMAC of `manifest.json` in hex. */
export function hmacLine(keyId: string, hex: string): string {
  return `${keyId} ${hex}\n`;
}
