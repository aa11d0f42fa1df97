// What the platform has said of a post's media in earlier attempts: of one item where it named one, else of all together.
import type { CauseCode } from '../domain/causes/causes.ts';
import type { MediaReview } from '../domain/schedules/media-review.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ScheduleRow } from '../ledger/schedules/facts.ts';
import { readRecord } from '../ledger/schedules/schedule-record.ts';

type Refusal = NonNullable<MediaReview['refused']>;

export interface Refusals {
  /** By the place of the item, from 0: the newest. */
  readonly byItem: ReadonlyMap<number, Refusal>;
  /** The newest that named no item. */
  readonly together: Refusal | null;
}

/** Causes that are about media and not about the grant or the account. */
const ABOUT_MEDIA: ReadonlySet<CauseCode> = new Set([
  'media_invalid',
  'child_create_failed',
  'child_processing_timeout',
  'parent_create_failed',
]);

/** Read from the attempts of the schedule, of whichever version. */
export async function mediaRefusals(ledger: Ledger, schedule: ScheduleRow): Promise<Refusals> {
  const { attempts } = await readRecord(ledger, schedule);
  const byItem = new Map<number, Refusal>();
  let together: Refusal | null = null;
  for (const { cause, number, endedAt } of attempts) {
    if (!cause || !endedAt || !ABOUT_MEDIA.has(cause.code)) continue;
    const refusal = { attempt: number, at: endedAt.toISOString(), code: cause.code, words: cause.externalText };
    const place = cause.mediaItem ?? (schedule.content.media.length === 1 ? 0 : undefined);
    if (place === undefined) together = refusal;
    else byItem.set(place, refusal);
  }
  return { byItem, together };
}
