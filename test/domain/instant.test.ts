// Instants as people write them, at the doors and in messages; the expected ones are written out in UTC by hand.
import { describe, expect, it } from 'vitest';
import { MESSAGE_SCHEMAS } from '../../src/domain/messages/messages.ts';
import { readInstant } from '../../src/domain/schedules/instant.ts';
import { scheduleRequestSchema } from '../../src/domain/schedules/schedule-request.ts';

const WRITTEN: readonly (readonly [string, string])[] = [
  ['2026-12-01T09:00:00Z', '2026-12-01T09:00:00.000Z'],
  ['2026-12-01T09:00Z', '2026-12-01T09:00:00.000Z'],
  ['2026-12-01t09:00z', '2026-12-01T09:00:00.000Z'],
  ['2026-12-01T09:00:00+0100', '2026-12-01T08:00:00.000Z'],
  ['2026-12-01T09:00+01:00', '2026-12-01T08:00:00.000Z'],
  ['2026-12-01T09:00+01', '2026-12-01T08:00:00.000Z'],
  ['2026-12-01T09:00-0330', '2026-12-01T12:30:00.000Z'],
  ['2026-12-31T23:30:15.5-01:00', '2027-01-01T00:30:15.500Z'],
  ['2028-02-29T00:00:00,123456+00:00', '2028-02-29T00:00:00.123Z'],
  ['9999-12-31T23:59:59-23:59', '9999-12-31T23:59:59.999Z'],
  ['0000-01-01T00:00+2359', '0000-01-01T00:00:00.000Z'],
];

describe.each(WRITTEN)('%s', (written, instant) => {
  it('is an instant', () => {
    expect(readInstant(written)?.toISOString()).toBe(instant);
  });

  it('is one in a schedule request and in a message, and is read there alike', () => {
    const request = scheduleRequestSchema.parse({ account: 'a', text: 'Hello', publishAt: written });
    expect(request.publishAt).toBe(instant);
    expect(MESSAGE_SCHEMAS.reschedule.parse({ publishAt: written })).toEqual({ publishAt: instant });
  });
});

it.each([
  '',
  'tomorrow',
  '2026-12-01',
  '2026-12-01T09:00',
  '2026-12-01T09:00:00',
  '2026-12-01 09:00Z',
  '2026-12-01T09Z',
  '2026-02-29T09:00Z',
  '2026-02-30T09:00Z',
  '2026-13-01T09:00Z',
  '2026-00-01T09:00Z',
  '2026-12-00T09:00Z',
  '2026-12-01T24:00Z',
  '2026-12-01T09:60Z',
  '2026-12-01T09:00:60Z',
  '2026-12-01T09:00+24:00',
  '2026-12-01T09:00+100',
  '10000-01-01T00:00Z',
  '2026-12-01T09:00Z; drop table schedules',
])('"%s" is no instant', (text) => {
  expect(readInstant(text)).toBeNull();
});
