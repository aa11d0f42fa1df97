// The token of a request, read by a library that shares nothing with the code that signs it.
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { authorization } from '../../../src/platforms/ghost/token.ts';

const KID = '6b0a7c87bc53eb177f06bea4';
const SECRET = '35dde7917982e7ff5075b3ba46cc82e31c2e3db0e8eeedadac7bd2186fca9c2a';
const at = new Date('2026-06-01T12:00:00.900Z');

test('is signed with the key’s decoded half, for the Admin API, and good for five minutes from now', async () => {
  const header = authorization({ grant: { accessToken: `${KID}:${SECRET}` }, now: () => at }).authorization;
  const [scheme, token = ''] = header.split(' ');
  expect(scheme).toBe('Ghost');
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT', kid: KID });
  const read = await jwtVerify(token, Buffer.from(SECRET, 'hex'), { audience: '/admin/', currentDate: at });
  expect(read.payload).toEqual({ iat: 1_780_315_200, exp: 1_780_315_500, aud: '/admin/' });
});
