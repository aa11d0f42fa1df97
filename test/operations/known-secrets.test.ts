import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { findKnownSecrets, keepSecrets } from '../../src/runtime/known-secrets.ts';

const found = (text: string) => [...findKnownSecrets(text)];
const secret = () => randomBytes(12).toString('hex');

it('a secret is found wherever it stands, as often as it does, also where two begin alike', () => {
  const one = secret();
  const longer = `${one}-and-more`;
  keepSecrets([one, longer, undefined]);
  expect(found(`${one} x ${one}`)).toEqual([
    { from: 0, length: 24 },
    { from: 27, length: 24 },
  ]);
  expect(found(`(${longer})`)).toEqual([
    { from: 1, length: 24 },
    { from: 1, length: 33 },
  ]);
  expect(found(one.slice(0, 23))).toEqual([]);
});

it('what is short stands in harmless text, and is not looked for', () => {
  keepSecrets(['shore']);
  expect(found('on the shore')).toEqual([]);
});

it('of too many the oldest go, and one that is kept again is not old', () => {
  const [oldest, kept] = [secret(), secret()];
  keepSecrets([oldest, kept]);
  keepSecrets(Array.from({ length: 4_990 }, secret));
  keepSecrets([kept]);
  keepSecrets(Array.from({ length: 20 }, secret));
  expect([found(oldest), found(kept)].map(({ length }) => length)).toEqual([0, 1]);
});
