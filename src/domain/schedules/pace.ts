// How many publishes that are late go out one after another: at once, one every so often, or spread until a time.
import { z } from 'zod';
import { instantText } from './instant.ts';

const MOST_MINUTES = 7 * 24 * 60;

export const paceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('at_once') }),
  z.strictObject({ kind: z.literal('every'), minutes: z.int().min(1).max(MOST_MINUTES) }),
  z.strictObject({ kind: z.literal('until'), at: instantText }),
]);
export type Pace = z.infer<typeof paceSchema>;

/** How long after the first the next one goes out, in ms, when `count` of them begin now. */
export function gapMs(pace: Pace, count: number, now: Date): number {
  if (pace.kind === 'every') return pace.minutes * 60_000;
  if (pace.kind === 'at_once' || count < 2) return 0;
  return Math.max(0, Math.floor((Date.parse(pace.at) - now.getTime()) / (count - 1)));
}
