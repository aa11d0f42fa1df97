// Checks who vouches for the manifest: the signature with the key that it carries, and what was given from outside.
import { timingSafeEqual } from 'node:crypto';
import { base64url, compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import {
  canonicalText,
  HMAC_FILE,
  hmacLine,
  MANIFEST_FILE,
  type Manifest,
  manifestSchema,
  type Seal,
  SIGNATURE_ALGORITHM,
  SIGNATURE_FILE,
  sealSchema,
} from '../../domain/proof/manifest.ts';
import { type BrokenBundle, broken } from '../../domain/proof/verdict.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { hmacHex, keyIdOf } from '../keys.ts';

export interface Vouching {
  readonly [MANIFEST_FILE]: string;
  readonly [SIGNATURE_FILE]: string;
  readonly [HMAC_FILE]: string;
}

/** What the person who checks has from elsewhere; null: nothing. */
export interface Given {
  /** The text of a JWKS. */
  readonly keys: string | null;
  readonly secret: string | null;
}

export interface Vouched {
  readonly holds: true;
  readonly manifest: Manifest;
  readonly origin: { readonly signature: boolean; readonly hmac: boolean };
}

const headerSchema = z.strictObject({
  alg: z.literal(SIGNATURE_ALGORITHM),
  kid: z.string(),
  jwk: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
});
const publicKeySchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });
const jwksSchema = z.object({ keys: z.array(z.unknown()) });

/** The manifest, if everything that vouches for it holds. */
export async function checkSignature(files: Vouching, given: Given): Promise<Vouched | BrokenBundle> {
  const signed = await readSignature(files[SIGNATURE_FILE]);
  if ('holds' in signed) return signed;
  const { seal, publicKey, keyId } = signed;
  if (sha256Hex(files[MANIFEST_FILE]) !== seal.sha256[MANIFEST_FILE]) return broken('manifest_changed');
  if (sha256Hex(files[HMAC_FILE]) !== seal.sha256[HMAC_FILE]) return broken('hmac_changed');
  const manifest = readManifest(files[MANIFEST_FILE]);
  if (!manifest) return broken('manifest_unreadable');
  if (manifest.signature.keyId !== keyId) return broken('key_differs');
  const [hmacKey = '', hmac = ''] = files[HMAC_FILE].trimEnd().split(' ');
  if (hmacKey !== manifest.hmac.keyId || files[HMAC_FILE] !== hmacLine(hmacKey, hmac)) return broken('hmac_unreadable');
  const fault = keysFault(given.keys, publicKey, keyId) ?? secretFault(given.secret, files[MANIFEST_FILE], hmac);
  return fault ?? { holds: true, manifest, origin: { signature: given.keys !== null, hmac: given.secret !== null } };
}

interface Signed {
  readonly seal: Seal;
  readonly publicKey: string;
  readonly keyId: string;
}

/** A compact JWS in its one form: of the last character of the signature, base64 leaves four bits to nobody. */
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

async function readSignature(jws: string): Promise<Signed | BrokenBundle> {
  const [, head = '', , signature = ''] = COMPACT.exec(jws) ?? [];
  if (head === '' || base64url.encode(bytesOf(signature)) !== signature) return broken('signature_wrong');
  const header = headerSchema.safeParse(json(decoded(head)));
  if (!header.success) return broken('signature_unreadable');
  const { jwk, kid } = header.data;
  let payload: Uint8Array;
  try {
    ({ payload } = await compactVerify(jws, await importJWK(jwk, SIGNATURE_ALGORITHM)));
  } catch {
    return broken('signature_wrong');
  }
  if ((await keyIdOf(jwk.x)) !== kid) return broken('key_differs');
  const seal = sealSchema.safeParse(json(new TextDecoder().decode(payload)));
  return seal.success ? { seal: seal.data, publicKey: jwk.x, keyId: kid } : broken('signature_unreadable');
}

function readManifest(text: string): Manifest | null {
  const manifest = manifestSchema.safeParse(json(text));
  return manifest.success && canonicalText(manifest.data) === text ? manifest.data : null;
}

function keysFault(keys: string | null, publicKey: string, keyId: string): BrokenBundle | null {
  if (keys === null) return null;
  const jwks = jwksSchema.safeParse(json(keys));
  const known = (jwks.data?.keys ?? []).flatMap((key) => publicKeySchema.safeParse(key).data?.x ?? []);
  if (known.length === 0) return broken('keys_unreadable');
  return known.includes(publicKey) ? null : broken('key_unknown', keyId);
}

function secretFault(secret: string | null, manifest: string, hmac: string): BrokenBundle | null {
  if (secret === null) return null;
  const [made, found] = [Buffer.from(hmacHex(secret, manifest)), Buffer.from(hmac)];
  return made.length === found.length && timingSafeEqual(made, found) ? null : broken('hmac_wrong');
}

function decoded(part: string): string {
  return new TextDecoder().decode(bytesOf(part));
}

function bytesOf(part: string): Uint8Array {
  return new Uint8Array(Buffer.from(part, 'base64url'));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
