// Ages a session token: the PDS's own secret signs the same claims with an expiry in the past.
// So a test meets the real ExpiredToken answer without waiting two hours.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod/v4';

const secrets = z.object({ PDS_JWT_SECRET: z.string() });
const claims = z.looseObject({ iat: z.number(), exp: z.number() });
const AGE_SECONDS = 3600;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * `jwt` (an access or refresh token of the PDS on `dataFolder`), expired an hour ago and otherwise the same.
 * @throws ZodError when `jwt` is not such a token
 */
export function expiredCopy(dataFolder: string, jwt: string): string {
  const { PDS_JWT_SECRET: key } = secrets.parse(JSON.parse(readFileSync(join(dataFolder, 'secrets.json'), 'utf8')));
  const [header, payload = ''] = jwt.split('.');
  const now = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  const exp = Math.floor(Date.now() / 1000) - AGE_SECONDS;
  const signed = `${header}.${encode({ ...now, iat: exp - AGE_SECONDS, exp })}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
