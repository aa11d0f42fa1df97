// Times as people write them into a form, meant in their own zone, also where the clocks change.
import { describe, expect, it } from 'vitest';
import { instantOfLocal, localOf } from '../../src/domain/text/local-time.ts';

const at = (text: string, zone: string) => instantOfLocal(text, zone)?.toISOString() ?? null;

describe('a local time', () => {
  it.each([
    ['2026-01-15T09:30', 'UTC', '2026-01-15T09:30:00.000Z'],
    ['2026-01-15T09:30', 'Europe/Berlin', '2026-01-15T08:30:00.000Z'],
    ['2026-07-15T09:30', 'Europe/Berlin', '2026-07-15T07:30:00.000Z'],
    ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-03-28T23:30', 'America/Los_Angeles', '2026-03-29T06:30:00.000Z'],
    ['2026-01-15', 'Asia/Kathmandu', '2026-01-14T18:15:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    expect(at(text, zone)).toBe(instant);
  });
  it.each(['', 'tomorrow', '2026-02-30', '2026-13-01T00:00', '2026-01-01T24:00'])('"%s" is none', (text) => {
    expect(at(text, 'UTC')).toBeNull();
  });
  it('goes into a field and comes out of it unchanged', () => {
    const instant = new Date('2026-10-25T08:45:00.000Z');
    for (const zone of ['UTC', 'Europe/Berlin', 'America/St_Johns']) {
      expect(at(localOf(instant, zone), zone)).toBe(instant.toISOString());
    }
  });
});
