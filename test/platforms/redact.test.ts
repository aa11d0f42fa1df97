// What must never stand in an error text, a log or the audit trail, and what engineers still need to read there.
import { expect, it } from 'vitest';
import { redact } from '../../src/domain/text/redact.ts';

const KEY = `op_${'a1B2'.repeat(8)}`;

it.each([
  ['a bearer token', 'curl -H "Authorization: Bearer abcdefgh12345678" x', 'curl -H "Authorization: [redacted]" x'],
  [
    'the signature of an address',
    'The media could not be fetched from this URI: https://cdn.test/a.jpg?X-Amz-Signature=0f1e2d3c&sig=1. Try again',
    'The media could not be fetched from this URI: https://cdn.test/a.jpg?[redacted] Try again',
  ],
  [
    'a code of an OAuth redirect',
    'failed at /callback?code=abcd1234&state=1',
    'failed at /callback?code=[redacted]&state=1',
  ],
  ['a key of our own', `sent with ${KEY}.`, 'sent with [redacted].'],
  ['a password in an address', 'postgres://oncepost:hunter22@db/x', 'postgres://[redacted]@db/x'],
])('%s is taken out', (_, told, kept) => {
  expect(redact(told, null)).toBe(kept);
});

// A start at each of its dashes would keep this test, and a worker, busy for hours.
it('an answer of ten megabytes made to look like tokens is dealt with at once', () => {
  expect(redact('eyJ-'.repeat(2_500_000), null)).toHaveLength(4_000);
});

it('the number of an error stays', () => {
  const told = '{"error":{"code":9007,"error_subcode":2207027,"message":"Media ID is not available"}}';
  expect(redact(told, null)).toBe(told);
});

const TOKEN = 's3cr3t/tok+en=="&x~y z\\';

it.each([
  ['as it is', TOKEN],
  ['in a part of an address', encodeURIComponent(TOKEN)],
  ['in an address that stands in an address', encodeURIComponent(encodeURIComponent(TOKEN))],
  ['in a form', new URLSearchParams({ t: TOKEN }).toString().slice(2)],
  ['in JSON', JSON.stringify(TOKEN).slice(1, -1)],
  ['in JSON that stands in JSON', JSON.stringify(JSON.stringify(TOKEN)).slice(3, -3)],
  ['in JSON that escapes more than it must', 's3cr3t\\/tok\\u002Ben==\\"\\u0026x~y z\\\\'],
  ['in JSON that stands in a form', new URLSearchParams({ t: JSON.stringify(TOKEN) }).toString().slice(5, -3)],
  ['in HTML', 's3cr3t/tok+en==&quot;&amp;x~y z&#92;'],
])('a token %s is taken out', (_, written) => {
  expect(redact(`it said <${written}>.`, { accessToken: TOKEN })).toBe('it said <[redacted]>.');
});

it('a search for a token that begins with what is escaped ends, whatever is searched', () => {
  const answer = redact('\\'.repeat(2_500_000), { accessToken: '/\\/\\/\\secret' });
  expect(answer).toBe('\\'.repeat(4_000));
});
