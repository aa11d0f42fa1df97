// Our record keys: valid TIDs that depend on nothing but what never changes of a schedule.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordKey } from '../../../src/platforms/bluesky/record-key.ts';

/** The TID syntax of the AT Protocol, "Record Key" specification. */
const TID = /^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/;

const post = {
  workspaceId: '7d9f0c1e-6d4b-4d3e-9d6c-0c0b3c5f3a11',
  scheduleId: 'launch-1',
  takenInAt: new Date('2026-06-01T09:00:00.250Z'),
  firstCreate: null,
};

/** The microseconds since 1970 that a TID carries: its first 11 characters, of 5 bits each. */
function microsOf(tid: string): number {
  const digits = [...tid.slice(0, 11)].map((char) => '234567abcdefghijklmnopqrstuvwxyz'.indexOf(char));
  return digits.reduce((value, digit) => value * 32 + digit, 0);
}

test('every key is a valid TID, whatever the schedule', () => {
  const anyPost = fc.record({
    scheduleId: fc.string({ minLength: 1 }),
    workspaceId: fc.uuid(),
    firstCreate: fc.constant(null),
    takenInAt: fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('2200-01-01T00:00:00Z'),
      noInvalidDate: true,
    }),
  });
  fc.assert(fc.property(anyPost, (any) => TID.test(recordKey(any))));
});

test('an instant no TID can carry still gives a valid one', () => {
  for (const iso of ['-000001-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '+010000-01-01T00:00:00Z']) {
    expect(recordKey({ ...post, takenInAt: new Date(iso) })).toMatch(TID);
  }
});

test('the same schedule always gets the same key', () => {
  expect(recordKey({ ...post })).toBe(recordKey({ ...post, takenInAt: new Date(post.takenInAt) }));
  // Worked out in Python from SHA-256 of "workspace\nschedule" and the TID layout. Should this ever change, a post whose
  // first create left no trace in the ledger would be sent under two keys by two versions.
  expect(recordKey(post)).toBe('3mn7ppqmxvhdg');
});

test('the key that a create was sent under is kept, whichever version of ours sent it', () => {
  const firstCreate = { sentAt: new Date(), markers: { rkey: '3mn7pppubowp4', recordSha256: 'a'.repeat(64) } };
  expect(recordKey({ ...post, firstCreate })).toBe('3mn7pppubowp4');
});

test('another schedule, another workspace or another second get another key', () => {
  const others = [
    { ...post, scheduleId: 'launch-2' },
    { ...post, workspaceId: '00000000-0000-4000-8000-000000000000' },
    { ...post, takenInAt: new Date('2026-06-01T09:00:01.250Z') },
  ];
  expect(new Set([post, ...others].map(recordKey)).size).toBe(4);
});

test('the key lies within the second the schedule was taken in', () => {
  const micros = microsOf(recordKey(post));
  expect(Math.floor(micros / 1_000_000)).toBe(Date.parse('2026-06-01T09:00:00Z') / 1_000);
});

test('ten thousand schedules of one second share no key', () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => recordKey({ ...post, scheduleId: `launch-${index}` }));
  expect(new Set(keys).size).toBe(10_000);
});
