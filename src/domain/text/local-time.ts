// Times as people write them into a form: without an offset, meant in their own zone.

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?)?$/;

/** The instant that a local date, or a date with a time, names in a zone; null when it is none. A date alone is its midnight. */
export function instantOfLocal(text: string, zone: string): Date | null {
  const found = LOCAL.exec(text.trim());
  if (!found) return null;
  const [year, month, day, hour, minute] = [1, 2, 3, 4, 5].map((group) => Number(found[group] ?? 0));
  const asUtc = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute);
  if (new Date(asUtc).toISOString().slice(0, 10) !== text.trim().slice(0, 10)) return null;
  // The offset of the first guess may be that of the other side of a change; the second one is right where one is.
  const guess = asUtc - offsetMs(asUtc, zone);
  return new Date(asUtc - offsetMs(guess, zone));
}

/** An instant as the value of a form's field, in a zone, to the minute. */
export function localOf(instant: Date, zone: string): string {
  return new Date(instant.getTime() + offsetMs(instant.getTime(), zone)).toISOString().slice(0, 16);
}

/** How far a zone is ahead of UTC at an instant. */
function offsetMs(instantMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instantMs);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(instantMs / 1_000) * 1_000;
}
