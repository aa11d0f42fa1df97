// What batches are called where people read of them.
import { html } from 'hono/html';
import type { Pace } from '../../domain/schedules/pace.ts';
import type { PageContext } from '../deps.ts';
import { type Html, time } from '../shell/parts.ts';

/** The pace in words. */
export function pacingOf(c: PageContext, pace: Pace): Html {
  if (pace.kind === 'at_once') return html`at once`;
  if (pace.kind === 'every') return html`one every ${pace.minutes === 1 ? 'minute' : `${pace.minutes} minutes`}`;
  return html`spread until ${time(c, pace.at)}`;
}

/** Where a batch stands. */
export function batchState({
  canceledAt,
  endedAt,
}: {
  readonly canceledAt: unknown;
  readonly endedAt: unknown;
}): string {
  if (canceledAt !== null) return 'canceled';
  return endedAt === null ? 'under way' : 'ended';
}
