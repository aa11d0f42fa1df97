// The sandbox's only source of time. Tests shift it to let hours pass at once: expiries, visibility delays and
// processing times are all compared against it. The shift is part of the record, so a restart does not go back in time.
import { z } from 'zod';
import type { Journal } from './journal.ts';

/** The sandbox's time: `now` is epoch milliseconds of the base clock plus the offset tests have set. */
export type SandboxClock = {
  now(): number;
  /** Sets (not adds) the distance to the base clock, in milliseconds. */
  setOffsetMs(offsetMs: number): void;
};

/** Wraps a base clock (real time unless a caller gives another one) with a settable offset. */
export function openSandboxClock(journal: Journal, baseNow: () => number = Date.now): SandboxClock {
  let offset = 0;
  const room = journal.room({
    name: 'clock',
    schema: z.object({ offsetMs: z.number() }),
    apply: ({ offsetMs }) => {
      offset = offsetMs;
    },
    clear: () => {
      offset = 0;
    },
  });
  return { now: () => baseNow() + offset, setOffsetMs: (offsetMs) => room.put({ offsetMs }) };
}
