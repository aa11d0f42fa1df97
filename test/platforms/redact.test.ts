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
