// Posts as X shows them on a timeline, written as they stand on the wire.
import { type TimelinePost, timelinePostSchema } from '../../../src/platforms/x/timeline-wire.ts';

/** An id X would give a post at this instant of the tests' day. */
export const idAt = (time: string, sequence = 0n) =>
  (((BigInt(Date.parse(`2026-11-21T${time}Z`)) - 1_288_834_974_657n) << 22n) + sequence).toString();

/** A post of a second after 08:00. */
export function shown(text: string | null, more: Readonly<Record<string, unknown>> = {}): TimelinePost {
  const created_at = '2026-11-21T08:00:01.000Z';
  return timelinePostSchema.parse({ id: idAt('08:00:01'), text, created_at, ...more });
}

/** A post of this time of the tests' day. */
export function shownAt(time: string, text: string, more: Readonly<Record<string, unknown>> = {}): TimelinePost {
  return shown(text, { id: idAt(time), created_at: `2026-11-21T${time}.000Z`, ...more });
}

export interface Link {
  readonly url: string;
  readonly expanded_url?: string | null;
  readonly media_key?: string | null;
}

/** The links of a post, as `entities`. */
export const links = (...urls: readonly Link[]) => ({ entities: { urls } });

/** A link that stands for another. */
export const link = (url: string, expanded_url: string, media_key?: string) =>
  links({ url, expanded_url, ...(media_key === undefined ? {} : { media_key }) });

export const attached = (...media_keys: readonly string[]) => ({ attachments: { media_keys } });

export const answering = (id: string) => ({ referenced_tweets: [{ type: 'replied_to', id }] });
