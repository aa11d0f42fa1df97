// The provider stands in the environment, whole or not at all.
import { expect, it } from 'vitest';
import { readEnv } from '../../src/runtime/env.ts';

const WHOLE = {
  ONCEPOST_OIDC_ISSUER: 'https://id.example',
  ONCEPOST_OIDC_CLIENT_ID: 'oncepost',
  ONCEPOST_OIDC_CLIENT_SECRET: 'secret-of-the-client',
  ONCEPOST_PUBLIC_URL: 'https://posts.example/',
};

it('is taken whole', () => {
  expect(readEnv(WHOLE)).toMatchObject({ ...WHOLE, ONCEPOST_PUBLIC_URL: 'https://posts.example' });
});

it.each([
  [{ ONCEPOST_OIDC_ISSUER: '' }, 'ONCEPOST_OIDC_CLIENT_ID', 'needs ONCEPOST_OIDC_ISSUER beside it, or neither'],
  [
    { ONCEPOST_OIDC_CLIENT_SECRET: '' },
    'ONCEPOST_OIDC_ISSUER',
    'needs ONCEPOST_OIDC_CLIENT_SECRET beside it, or neither',
  ],
  [
    { ONCEPOST_OIDC_CLIENT_ID: '', ONCEPOST_OIDC_CLIENT_SECRET: '' },
    'ONCEPOST_OIDC_ISSUER',
    'needs ONCEPOST_OIDC_CLIENT_ID and ONCEPOST_OIDC_CLIENT_SECRET beside it, or neither',
  ],
  [
    { ONCEPOST_PUBLIC_URL: '' },
    'ONCEPOST_OIDC_ISSUER',
    'needs ONCEPOST_PUBLIC_URL, the address that the provider sends people back to',
  ],
  [{ ONCEPOST_OIDC_ISSUER: 'id.example' }, 'ONCEPOST_OIDC_ISSUER', 'must be an https address'],
  [
    { ONCEPOST_OIDC_ISSUER: 'http://id.example' },
    'ONCEPOST_OIDC_ISSUER',
    'must be an https address, or an http one of this machine',
  ],
])('is refused with %j', (change, variable, problem) => {
  expect(() => readEnv({ ...WHOLE, ...change })).toThrow(
    `The environment variable ${variable} cannot be used: ${problem}; nothing was started; correct it and start again.`,
  );
});

it('may be on this machine without TLS', () => {
  for (const host of ['127.0.0.1:9000', 'localhost:9000', '[::1]:9000'])
    expect(readEnv({ ...WHOLE, ONCEPOST_OIDC_ISSUER: `http://${host}` }).ONCEPOST_OIDC_ISSUER).toBe(`http://${host}`);
});
