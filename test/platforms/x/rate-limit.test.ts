// When X is asked again, for each form in which it says that there were too many requests. It is 08:00 in all of them.
import { expect, test } from 'vitest';
import { resumeAt } from '../../../src/platforms/x/rate-limit.ts';
import { NOW } from './facts.ts';

const epoch = (time: string) => String(Date.parse(`2026-11-21T${time}Z`) / 1_000);
const windowOf = (name: string, remaining: string, reset: string) => ({
  [`${name}-limit`]: '100',
  [`${name}-remaining`]: remaining,
  [`${name}-reset`]: reset,
});

const FORMS: readonly (readonly [form: string, headers: Record<string, string>, resumes: string])[] = [
  ['a reset in epoch seconds', windowOf('x-rate-limit', '0', epoch('08:10:00')), '2026-11-21T08:10:00.000Z'],
  ['a reset in seconds from now', windowOf('x-rate-limit', '0', '90'), '2026-11-21T08:01:30.000Z'],
  ['Retry-After in seconds', { 'retry-after': '120' }, '2026-11-21T08:02:00.000Z'],
  ['Retry-After as a date', { 'retry-after': 'Sat, 21 Nov 2026 09:30:00 GMT' }, '2026-11-21T09:30:00.000Z'],
  ['no header', {}, '2026-11-21T08:15:00.000Z'],
  [
    'a spent day beside a window with room',
    {
      ...windowOf('x-rate-limit', '60', epoch('08:01:00')),
      ...windowOf('x-user-limit-24hour', '0', epoch('20:00:00')),
    },
    '2026-11-21T20:00:00.000Z',
  ],
  [
    'the later of two that are spent',
    {
      ...windowOf('x-user-limit-24hour', '0', epoch('12:00:00')),
      ...windowOf('x-app-limit-24hour', '0', epoch('18:00:00')),
    },
    '2026-11-21T18:00:00.000Z',
  ],
  [
    'a spent window rather than Retry-After',
    { ...windowOf('x-rate-limit', '0', epoch('08:10:00')), 'retry-after': '5' },
    '2026-11-21T08:10:00.000Z',
  ],
  ['a reset that counts nothing', { 'x-rate-limit-reset': epoch('08:07:00') }, '2026-11-21T08:07:00.000Z'],
  ['windows that all have room', windowOf('x-rate-limit', '60', epoch('08:01:00')), '2026-11-21T08:15:00.000Z'],
  ['a reset that has passed', windowOf('x-rate-limit', '0', epoch('07:59:00')), '2026-11-21T08:00:01.000Z'],
  ['a reset beyond all windows', windowOf('x-rate-limit', '0', '99999999999'), '2026-11-22T09:00:00.000Z'],
  ['headers that are no numbers', windowOf('x-rate-limit', '', 'soon'), '2026-11-21T08:15:00.000Z'],
  ['a negative wait', { 'retry-after': '-5' }, '2026-11-21T08:15:00.000Z'],
];

test.each(FORMS)('%s', (_form, headers, resumes) => {
  expect(resumeAt(headers, NOW)).toBe(resumes);
});

test('a usage cap without headers is asked again a day later', () => {
  expect(resumeAt({}, NOW, true)).toBe('2026-11-22T08:00:00.000Z');
});

test('a usage cap with a spent window is asked again at its reset', () => {
  expect(resumeAt(windowOf('x-rate-limit', '0', epoch('08:10:00')), NOW, true)).toBe('2026-11-21T08:10:00.000Z');
});
