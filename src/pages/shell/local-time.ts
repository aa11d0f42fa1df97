// Times in forms: what a browser's field for a date and a time holds, read in the viewer's zone.
import type { PageContext } from '../deps.ts';

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** The instant a viewer means, as ISO 8601 in UTC; null when it is none. A time that a change of the clocks leaves out is taken after it. */
export function readLocalTime(c: PageContext, text: string): string | null {
  if (!LOCAL.test(text)) return null;
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return null;
  const zone = c.get('zone');
  const guess = asUtc - offsetMs(new Date(asUtc), zone);
  return new Date(asUtc - offsetMs(new Date(guess), zone)).toISOString();
}

/** An instant as such a field holds it. */
export function writeLocalTime(c: PageContext, at: Date | string): string {
  const date = new Date(at);
  return new Date(date.getTime() + offsetMs(date, c.get('zone'))).toISOString().slice(0, 16);
}

/** How far the zone's clocks are ahead of UTC at that instant. */
function offsetMs(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}
