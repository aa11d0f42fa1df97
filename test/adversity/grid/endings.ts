// The endings that many cells share, written out as DESIGN sections 3 to 5 have them.
import type { CauseCode } from '../../../src/domain/causes/causes.ts';
import type { Ending, Sequel } from './cell.ts';

const LIVE = { state: 'published', cause: null, wakes: null, live: 1 } as const;

/** The outcome of a create, or of a look, that proved nothing. */
export const UNKNOWN = 'outcome_unknown unknown';

/** The first attempt brings it live. */
export const PUBLISHED: Ending = { ...LIVE, trail: ['published'], creates: 1 };

/** The create's answer proves nothing; a look finds the post, and no second create leaves (laws 3 and 4). */
export const FOUND: Ending = { ...LIVE, trail: [UNKNOWN, 'published'], creates: 1 };

/** The create's answer proves nothing; looks find it conclusively absent, and it is sent again. */
export const SENT_AGAIN: Ending = { ...LIVE, trail: [UNKNOWN, 'published'], creates: 2 };

/** As FOUND, but the refusal that was not believed has a name. */
export function foundAfter(doubted: CauseCode): Ending {
  return { ...LIVE, trail: [`outcome_unknown ${doubted}`, 'published'], creates: 1 };
}

/** The refusal is not believed; looks find the post absent, and it is sent again. */
export function sentAgainAfter(doubted: CauseCode): Ending {
  return { ...LIVE, trail: [`outcome_unknown ${doubted}`, 'published'], creates: 2 };
}

/** Nothing was sent; a timer tries again, and it goes live. */
export function later(cause: CauseCode): Ending {
  return { ...LIVE, trail: [`not_sent ${cause}`, 'published'], creates: 1 };
}

/** Refused outright; a person is needed. */
export function refused(cause: CauseCode, creates = 1): Ending {
  return { state: 'failed', cause, wakes: null, trail: [`refused ${cause}`], creates, live: 0 };
}

/** Refused, since the platform no longer takes what was uploaded: it is uploaded anew, once, and goes live. */
export function madeAnew(cause: CauseCode): Ending {
  return { ...LIVE, trail: [`refused ${cause}`, 'published'], creates: 2 };
}

/** The refusal is checked first; looks find the post absent, so it is believed, and a person is needed. */
export function refusedWhenAbsent(cause: CauseCode): Ending {
  const trail = [`outcome_unknown ${cause}`, `refused ${cause}`];
  return { state: 'failed', cause, wakes: null, trail, creates: 1, live: 0 };
}

/** Nothing usable came back, time after time; a person is needed. */
export function givenUp(cause: CauseCode): Ending {
  return { state: 'failed', cause, wakes: null, trail: [`not_sent ${cause}`, `refused ${cause}`], creates: 0, live: 0 };
}

/** The post is live and nobody can tell: a person decides (law 5). */
export const UNCONFIRMED: Ending = {
  state: 'unconfirmed',
  cause: 'unknown',
  wakes: null,
  trail: [UNKNOWN, 'unconfirmed unknown'],
  creates: 1,
  live: 1,
};

/** Throttled: it waits for the platform's own reset, in so many ms (law 8). */
export function throttled(fromMs: number, toMs: number, creates = 1): Ending {
  const trail = ['rate_limited rate_limited'];
  return { state: 'retry_later', cause: 'rate_limited', wakes: [fromMs, toMs], trail, creates, live: 0 };
}

/** The publish goes live at the first attempt after that; `creates` counts all create calls so far. */
export function goesLive(by: Sequel['by'], creates: number): Sequel {
  return { by, ends: { ...LIVE, trail: ['published'], creates } };
}

/** The look finds the post that was live all the time, and nothing is created. */
export function isFound(by: Sequel['by'], creates = 1): Sequel {
  return { by, ends: { ...LIVE, trail: ['published'], creates } };
}

/** A person says that it is live, and where: no attempt is made. */
export const RESOLVED: Sequel = { by: 'resolve', ends: { ...LIVE, trail: [], creates: 1 } };
