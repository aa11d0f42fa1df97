// What the platform has said of a post's media in earlier attempts: of one item where it named one, else of all together. It
// counts for the very file that was refused: what was put in its place since is another one.
import { ABOUT_MEDIA } from '../domain/causes/causes.ts';
import type { MediaReview } from '../domain/schedules/media-review.ts';
import type { MediaItem } from '../domain/schedules/post.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ScheduleRow } from '../ledger/schedules/facts.ts';
import { readRecord } from '../ledger/schedules/schedule-record.ts';
import { replacedVersions } from '../ledger/schedules/versions.ts';

type Refusal = NonNullable<MediaReview['refused']>;

export interface Refusals {
  /** By the place of the item in the present version, from 0: the newest. */
  readonly byItem: ReadonlyMap<number, Refusal>;
  /** The newest that named no item, of media that are all still the same. */
  readonly together: Refusal | null;
}

/** Read from the attempts of the schedule, each with the media that its version had. */
export async function mediaRefusals(ledger: Ledger, schedule: ScheduleRow): Promise<Refusals> {
  const [{ attempts }, replaced] = await Promise.all([
    readRecord(ledger, schedule),
    replacedVersions(ledger.db, schedule),
  ]);
  const told = attempts.flatMap((attempt) => {
    // No version is replaced while an attempt runs, so the one that stood at its beginning is the one it sent.
    const { content } = replaced.find(({ replacedAt }) => replacedAt > attempt.startedAt) ?? schedule;
    return toldOf(attempt, content.media);
  });
  return placed(told, schedule.content.media);
}

/** What one attempt was told, with the media it was told it of. */
interface Told {
  readonly refusal: Refusal;
  readonly media: readonly MediaItem[];
  /** Undefined where it named none of several. */
  readonly item: MediaItem | undefined;
}

type Attempt = Awaited<ReturnType<typeof readRecord>>['attempts'][number];

function toldOf({ cause, number, endedAt }: Attempt, media: readonly MediaItem[]): Told[] {
  if (!cause || !endedAt || !ABOUT_MEDIA.has(cause.code)) return [];
  const refusal = { attempt: number, at: endedAt.toISOString(), code: cause.code, words: cause.externalText };
  return [{ refusal, media, item: media[cause.mediaItem ?? (media.length === 1 ? 0 : -1)] }];
}

/** Of several that were told of one thing, the newest. */
function placed(told: readonly Told[], present: readonly MediaItem[]): Refusals {
  const byItem = new Map<number, Refusal>();
  let together: Refusal | null = null;
  for (const { refusal, media, item } of told) {
    if (item === undefined && sameFiles(media, present)) together = refusal;
    for (const [place, one] of present.entries()) if (item && isSameFile(one, item)) byItem.set(place, refusal);
  }
  return { byItem, together };
}

/** Another text for it leaves the file what it is. */
function isSameFile(one: MediaItem, other: MediaItem): boolean {
  return one.url === other.url && one.sizeBytes === other.sizeBytes;
}

function sameFiles(before: readonly MediaItem[], present: readonly MediaItem[]): boolean {
  return before.length === present.length && before.every((item, at) => present[at] && isSameFile(item, present[at]));
}
