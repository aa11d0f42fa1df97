// The keys that bundles are signed with: made where a workspace has none, changed when somebody asks, opened for one export.
import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint } from 'jose';
import { z } from 'zod';
import type { Actor } from '../domain/people/actor.ts';
import { SYSTEM_ACTOR } from '../domain/people/actor.ts';
import { SIGNATURE_ALGORITHM } from '../domain/proof/manifest.ts';
import type { Ledger } from '../ledger/ledger.ts';
import {
  activeProofKey,
  activeProofSecret,
  type NewProofKey,
  publicProofKeys,
  saveProofKey,
  saveProofSecret,
} from '../ledger/proof/proof-keys.ts';
import { newSecret } from '../runtime/ids.ts';

/** Scanners for leaked secrets know ours by this. */
const SECRET_PREFIX = 'oph_';

const privateJwkSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });

/** A public key as it stands in a JWKS and in a signature. */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

const publicJwk = (x: string): PublicJwk => ({ kty: 'OKP', crv: 'Ed25519', x });

/** The key's id: its JWK thumbprint (RFC 7638), so that no key can pass for another. */
export function keyIdOf(x: string): Promise<string> {
  return calculateJwkThumbprint(publicJwk(x), 'sha256');
}

export interface Maker {
  readonly workspaceId: string;
  readonly actor: Actor;
}

/** Makes a new key that signs from now on; the one before stays known. Answers its id. */
export async function rotateProofKey(ledger: Ledger, maker: Maker): Promise<string> {
  const key = await newProofKey();
  await saveProofKey(ledger, maker, key);
  return key.id;
}

/** Makes a new secret for the HMAC from now on, and answers it this once. */
export async function rotateProofSecret(ledger: Ledger, maker: Maker): Promise<{ id: string; secret: string }> {
  const secret = newSecret(SECRET_PREFIX);
  return { id: await saveProofSecret(ledger, maker, secret), secret };
}

/** The public half of every key there ever was, as a JWKS (RFC 7517). */
export async function proofJwks(ledger: Ledger): Promise<{ keys: object[] }> {
  const keys = await publicProofKeys(ledger);
  return {
    keys: keys.map(({ id, publicKey }) => ({ ...publicJwk(publicKey), kid: id, alg: SIGNATURE_ALGORITHM, use: 'sig' })),
  };
}

/** What signs a bundle. */
export interface Signer {
  readonly keyId: string;
  /** A compact JWS whose header carries the public key, so that the bundle can be checked by itself. */
  sign(payload: string): Promise<string>;
}

export interface Authenticator {
  readonly keyId: string;
  /** HMAC-SHA256 in hex. */
  authenticate(text: string): string;
}

/** The present keys of a workspace, made where there are none: a secret that is made here nobody has seen. */
export async function openKeys(
  ledger: Ledger,
  workspaceId: string,
): Promise<{ readonly signer: Signer; readonly authenticator: Authenticator }> {
  const maker = { workspaceId, actor: SYSTEM_ACTOR };
  const key = await present(
    () => activeProofKey(ledger, workspaceId),
    () => rotateProofKey(ledger, maker),
  );
  const secret = await present(
    () => activeProofSecret(ledger, workspaceId),
    () => rotateProofSecret(ledger, maker),
  );
  return { signer: signerOf(key), authenticator: authenticatorOf(secret) };
}

/** Of two that make the first one at once, one fails, and finds the other's. */
async function present<Key>(find: () => Promise<Key | null>, make: () => Promise<unknown>): Promise<Key> {
  const there = await find();
  if (there !== null) return there;
  let failure: unknown = new TypeError('what was just made is not there');
  try {
    await make();
  } catch (error) {
    failure = error;
  }
  const made = await find();
  if (made !== null) return made;
  throw failure;
}

/** A new pair of keys, which nobody knows yet. */
export async function newProofKey(): Promise<NewProofKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = privateJwkSchema.parse(privateKey.export({ format: 'jwk' }));
  return { id: await keyIdOf(jwk.x), publicKey: jwk.x, privateKey: JSON.stringify(jwk) };
}

/** What signs with this key. */
export function signerOf({ id, publicKey, privateKey }: NewProofKey): Signer {
  const key: KeyObject = createPrivateKey({ key: privateJwkSchema.parse(JSON.parse(privateKey)), format: 'jwk' });
  return {
    keyId: id,
    sign: (payload) =>
      new CompactSign(new TextEncoder().encode(payload))
        .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, kid: id, jwk: { ...publicJwk(publicKey) } })
        .sign(key),
  };
}

/** What authenticates with this secret. */
export function authenticatorOf({ id, secret }: { readonly id: string; readonly secret: string }): Authenticator {
  return { keyId: id, authenticate: (text) => hmacHex(secret, text) };
}

/** HMAC-SHA256 under the secret's own characters, in hex. */
export function hmacHex(secret: string, text: string | Uint8Array): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}
