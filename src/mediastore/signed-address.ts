// Addresses of stored files for platforms that fetch media themselves: signed by us, good for one file, and over after a while.
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedAddresses {
  /** The address under which anybody may fetch the file until it is over. */
  sign(sha256: string, now: Date): string;
  /** Whether the address is ours and not over. `ends` and `signature` as they stand in the address. */
  holds(sha256: string, wanted: { readonly ends: string; readonly signature: string }, now: Date): boolean;
}

export interface SigningOptions {
  /** The secret of the deployment; the key of the signatures is derived from it. */
  readonly secretKey: Uint8Array;
  /** Where this server is reached from outside, without a trailing slash. */
  readonly baseUrl: string;
  readonly lifetimeMs: number;
}

/** Makes the signer. Equal secrets sign equally, so that any server serves what any worker has signed. */
export function signedAddresses({ secretKey, baseUrl, lifetimeMs }: SigningOptions): SignedAddresses {
  const key = createHmac('sha256', secretKey).update('oncepost media addresses, version 1').digest();
  const signatureOf = (sha256: string, ends: string) => createHmac('sha256', key).update(`${sha256}\n${ends}`).digest();
  return {
    sign(sha256, now) {
      const ends = String(Math.ceil((now.getTime() + lifetimeMs) / 1_000));
      return `${baseUrl}/media/${sha256}?e=${ends}&s=${signatureOf(sha256, ends).toString('base64url')}`;
    },
    holds(sha256, { ends, signature }, now) {
      const wanted = signatureOf(sha256, ends);
      const given = Buffer.from(signature, 'base64url');
      const ours = given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted);
      // A number that we have not signed is never looked at.
      return ours && Number(ends) * 1_000 > now.getTime();
    },
  };
}
