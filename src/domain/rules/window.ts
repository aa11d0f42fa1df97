// Times of the week in a zone: when a rule may fire, and when it keeps quiet (operations O4).
import { z } from 'zod';
import { localOf } from '../text/local-time.ts';
import { isZone } from '../text/zone.ts';

export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof DAYS)[number];

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time of day from "00:00" to "23:59"');

export const windowSchema = z
  .strictObject({
    /** Every day without it; a window over midnight belongs to the day on which it begins. */
    days: z.array(z.enum(DAYS)).min(1).max(7).optional(),
    from: timeOfDay,
    /** The first minute that is not in it; before `from`, it ends on the day after; the same, it lasts a day. */
    to: timeOfDay,
    zone: z.string().refine(isZone, 'is a time zone by its IANA name, like Europe/Berlin'),
  })
  .meta({ id: 'TimeWindow' });
export type TimeWindow = z.infer<typeof windowSchema>;

/** Whether the instant lies in the window, by the clock on the wall of its zone: an hour that comes twice is in it twice. */
export function isWithin({ days, from, to, zone }: TimeWindow, at: Date): boolean {
  const onDays: readonly Day[] = days ?? DAYS;
  const wall = localOf(at, zone);
  const time = wall.slice(11, 16);
  const day = new Date(`${wall.slice(0, 10)}T00:00:00Z`).getUTCDay();
  const began = (offset: number) => onDays.some((name) => name === DAYS[(day + 7 - offset) % 7]);
  if (from < to) return time >= from && time < to && began(0);
  return time >= from ? began(0) : time < to && began(1);
}
