// Seals secrets at rest: AES-256-GCM, the owner's name as associated data, so what is sealed for one fits no other. A
// grant's owner is its account.
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { keepSecrets } from '../../runtime/known-secrets.ts';

const VERSION = 1;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LENGTHS = { authTagLength: TAG_BYTES } as const;

/** The key does not open this grant: it was sealed under another key, for another account, or was altered. */
export class GrantUnreadable extends Error {
  override readonly name = 'GrantUnreadable';
  constructor(accountId: string) {
    super(
      `The grant of account ${accountId} cannot be opened with the present ONCEPOST_SECRET_KEY: restore the key it was ` +
        'sealed with, or reconnect the account.',
    );
  }
}

/** The key does not open this secret: it was sealed under another key, for another owner, or was altered. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
  constructor(owner: string) {
    super(
      `What is sealed for ${owner} cannot be opened with the present ONCEPOST_SECRET_KEY: restore the key it was sealed ` +
        'with, or set it anew.',
    );
  }
}

const grantSchema = z.strictObject({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
  identifier: z.string().optional(),
  password: z.string().optional(),
});
/** The secrets of one connected account. */
export type StoredGrant = z.infer<typeof grantSchema>;

export interface Sealer {
  /** Layout: version (1 byte), nonce (12), tag (16), ciphertext. */
  seal(accountId: string, grant: StoredGrant): Uint8Array;
  /** @throws GrantUnreadable */
  open(accountId: string, sealed: Uint8Array): StoredGrant;
  /** Any other secret. `owner` says whose it is, in one way for ever: it opens under no other. */
  sealText(owner: string, secret: string): Uint8Array;
  /** @throws SecretUnreadable */
  openText(owner: string, sealed: Uint8Array): string;
  /** The same for the same text, in base64url, and made by nobody without the key: HMAC-SHA256. */
  mark(text: string): string;
}

/** Makes the sealer of a 32-byte key. */
export function createSealer(key: Uint8Array): Sealer {
  // One key for one use: what marks is never what encrypts.
  const markKey = createHmac('sha256', key).update('oncepost mark').digest();
  return {
    seal: (accountId, grant) => encrypt(key, accountId, JSON.stringify(grantSchema.parse(grant))),
    open(accountId, sealed) {
      try {
        const grant = grantSchema.parse(JSON.parse(decrypt(key, accountId, sealed)));
        keepSecrets([grant.accessToken, grant.refreshToken, grant.clientSecret, grant.password]);
        return grant;
      } catch {
        throw new GrantUnreadable(accountId);
      }
    },
    sealText: (owner, secret) => encrypt(key, owner, secret),
    openText(owner, sealed) {
      try {
        const secret = decrypt(key, owner, sealed);
        keepSecrets([secret]);
        return secret;
      } catch {
        throw new SecretUnreadable(owner);
      }
    },
    mark: (text) => createHmac('sha256', markKey).update(text, 'utf8').digest('base64url'),
  };
}

function encrypt(key: Uint8Array, owner: string, secret: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, LENGTHS).setAAD(Buffer.from(owner));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
}

function decrypt(key: Uint8Array, owner: string, sealed: Uint8Array): string {
  if (sealed[0] !== VERSION) throw new TypeError('sealed in a way this version does not know');
  const nonceEnd = 1 + NONCE_BYTES;
  const tagEnd = nonceEnd + TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(1, nonceEnd), LENGTHS)
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(nonceEnd, tagEnd));
  return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString('utf8');
}
