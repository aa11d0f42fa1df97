// What a reading of the account's list proves to have seen (law 4; platform reference 2.4). Pure.
import type { Coverage } from '../create-and-look.ts';
import type { MediaList } from './media-list.ts';
import type { Media } from './wire.ts';

/** The list shows no more than its newest 10,000 items: an end there is not the account's. */
const LIST_CAP = 10_000;

/**
 * The whole list, when its true end was read below the cap; else back to its oldest item. Null, nothing at all, when an
 * item has no instant or stands out of order: then nobody knows what else does.
 */
export function coverageOf({ media, whole }: MediaList): Coverage | null {
  const instants = media.flatMap(({ timestamp }) => timestamp ?? []);
  if (instants.length < media.length || !isNewestFirst(instants)) return null;
  if (whole && media.length < LIST_CAP) return { kind: 'whole_list' };
  const oldest = instants.at(-1);
  return oldest === undefined ? null : { kind: 'back_to', at: oldest };
}

function isNewestFirst(instants: readonly Date[]): boolean {
  return instants.every((instant, index) => index === 0 || instant <= (instants[index - 1] ?? instant));
}

/** Media that may be ours for all that the answer tells: what we would know ours by is missing. */
export function isUntold({ caption, media_type }: Media, ours: { readonly caption: string }): boolean {
  return !media_type || (ours.caption !== '' && typeof caption !== 'string');
}
