// How we speak for a site: a token signed for each request with its Admin API key (Ghost Admin API, "Token Authentication").
import { createHmac } from 'node:crypto';
import type { AccountSession } from '../sessions.ts';

/** `id:secret`, as Ghost shows it under Integrations. */
export const KEY = /^([0-9a-f]{24}):([0-9a-f]{64})$/;

/** Ghost takes none that was signed longer ago. */
const VALID_SECONDS = 300;

/**
 * The header of one request: a JWT by HMAC-SHA-256 under the key's second half, signed now. By hand, since a create is built
 * at once and the usual library signs later.
 */
export function authorization({ grant, now }: Pick<AccountSession, 'grant' | 'now'>): {
  readonly authorization: string;
} {
  const [, kid = '', secret = ''] = KEY.exec(grant.accessToken) ?? [];
  const iat = Math.floor(now().getTime() / 1_000);
  const header = encoded({ alg: 'HS256', typ: 'JWT', kid });
  const claims = encoded({ iat, exp: iat + VALID_SECONDS, aud: '/admin/' });
  const signature = createHmac('sha256', Buffer.from(secret, 'hex')).update(`${header}.${claims}`).digest('base64url');
  return { authorization: `Ghost ${header}.${claims}.${signature}` };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
