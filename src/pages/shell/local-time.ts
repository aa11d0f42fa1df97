// Times as a form gives them: without a zone, meant in the viewer's own.

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/;

/**
 * The instant that a `datetime-local` field names in a zone; null when it names none. Of an hour that a clock shows twice the
 * first is meant.
 */
export function readLocalTime(text: string, zone: string): Date | null {
  if (!LOCAL.test(text)) return null;
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return null;
  // The offset of the guess may be another than that of the instant itself, near a change of the clocks.
  const guess = asUtc - offsetMs(asUtc, zone);
  return new Date(asUtc - offsetMs(guess, zone));
}

/** How far the zone's clock is ahead of UTC at an instant, in ms. */
function offsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((found) => found.type === type)?.value ?? 0);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - (at - (((at % 1_000) + 1_000) % 1_000));
}
