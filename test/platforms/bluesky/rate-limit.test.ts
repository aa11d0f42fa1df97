// When a throttled PDS is asked again.
import { expect, test } from 'vitest';
import { resumeAt } from '../../../src/platforms/bluesky/rate-limit.ts';

const now = new Date('2026-06-01T12:00:00.000Z');
const unix = (iso: string) => String(Date.parse(iso) / 1_000);

const TABLE: readonly (readonly [string, Record<string, string>, string])[] = [
  ['RateLimit-Reset in unix seconds', { 'ratelimit-reset': unix('2026-06-01T12:04:10Z') }, '2026-06-01T12:04:10.000Z'],
  ['the daily window', { 'ratelimit-reset': unix('2026-06-02T11:59:00Z') }, '2026-06-02T11:59:00.000Z'],
  ['Retry-After in seconds', { 'retry-after': '90' }, '2026-06-01T12:01:30.000Z'],
  ['Retry-After as a date', { 'retry-after': 'Mon, 01 Jun 2026 12:07:00 GMT' }, '2026-06-01T12:07:00.000Z'],
  [
    'both: the reset counts',
    { 'ratelimit-reset': unix('2026-06-01T12:02:00Z'), 'retry-after': '600' },
    '2026-06-01T12:02:00.000Z',
  ],
  [
    'a reset in the past: Retry-After counts',
    { 'ratelimit-reset': unix('2026-06-01T11:59:59Z'), 'retry-after': '20' },
    '2026-06-01T12:00:20.000Z',
  ],
  ['a reset in milliseconds is not believed', { 'ratelimit-reset': '1780315450000' }, '2026-06-01T12:05:00.000Z'],
  [
    'a reset in a month is not believed',
    { 'ratelimit-reset': unix('2026-07-01T12:00:00Z') },
    '2026-06-01T12:05:00.000Z',
  ],
  ['nonsense', { 'ratelimit-reset': 'soon', 'retry-after': 'later' }, '2026-06-01T12:05:00.000Z'],
  ['a negative wait', { 'retry-after': '-5' }, '2026-06-01T12:05:00.000Z'],
  ['no header', {}, '2026-06-01T12:05:00.000Z'],
];

test.each(TABLE)('%s', (_, headers, expected) => {
  expect(resumeAt(headers, now)).toBe(expected);
});
