// The way back after signing in never leads to another site, whatever the address says.
import { expect, it } from 'vitest';
import { wayBack } from '../../src/pages/session/way-back.ts';

it.each([
  ['/schedules?state=failed', '/schedules?state=failed'],
  ['/schedules/launch-42#now', '/schedules/launch-42'],
  ['/a/../people', '/people'],
])('%j leads to %j', (wanted, page) => {
  expect(wayBack(wanted)).toBe(page);
});

it.each([
  undefined,
  '',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  '/%2e//evil.example',
  ' //evil.example',
  'javascript:alert(1)',
  'people',
  '/sign-in',
  '/sign-out',
  '/sign-in/some-secret',
])('%j leads to the recovery page', (wanted) => {
  expect(wayBack(wanted)).toBe('/');
});
