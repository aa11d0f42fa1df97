// The one door to random ids, secrets and digests.
import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A random UUID, version 4. */
export function newId(): string {
  return randomUUID();
}

/** A random secret of 256 bits in base64url, under a prefix that secret scanners can recognise. */
export function newSecret(prefix: string): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** SHA-256 of a text as UTF-8, in lower-case hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** SHA-256 of a text as UTF-8, as bytes. */
export function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}
