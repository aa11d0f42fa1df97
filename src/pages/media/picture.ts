// `/schedules/{id}/media/{n}/picture`: a media item's picture for our own pages, fetched by us through the media door. What
// cannot be shown is a plain sign, and never a broken page.
import { Readable } from 'node:stream';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import { openAsset } from '../../handoff/asset-download.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { mediaOf } from '../../mediastore/workspace-media.ts';
import { MediaUnavailable } from '../../transport/media-unavailable.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { allowed } from '../session/signed-in.ts';
import { asset } from '../shell/assets.ts';

/** Larger pictures are not fetched for a thumbnail. */
const MOST_BYTES = 12 * 1024 ** 2;
/** A post may be edited meanwhile, and then another picture stands under the address. */
const KEPT = 'private, max-age=300';

/** Registers it. */
export function mediaPicture(pages: Pages, deps: PagesDeps): void {
  pages.get('/schedules/:id/media/:number/picture', allowed('schedules.read'), async (c) => {
    const schedule = await findSchedule(deps.ledger, c.get('caller').workspaceId, scheduleIdOf(c));
    if (!schedule) throw nothingHere();
    return sendPicture(c, deps, schedule);
  });
}

type Pictured = Pick<ScheduleRow, 'workspaceId' | 'content'>;

/** Answers with the picture of the item that the address numbers, from 1. @throws PageRefused when there is no such item */
export async function sendPicture(c: PageContext, deps: PagesDeps, schedule: Pictured): Promise<Response> {
  const item = itemOf(c, schedule);
  if (isVideo(item)) return c.redirect(asset('video.svg'), 302);
  if (item.sizeBytes > MOST_BYTES) return c.redirect(asset('no-picture.svg'), 302);
  try {
    const stream = await openAsset(mediaOf(deps, schedule.workspaceId), item);
    return c.body(Readable.toWeb(stream), 200, { 'Content-Type': item.mediaType, 'Cache-Control': KEPT });
  } catch (error) {
    if (!(error instanceof MediaUnavailable)) throw error;
    return c.redirect(asset('no-picture.svg'), 302);
  }
}

/** The item that the address numbers, from 1. @throws PageRefused when there is no such item */
export function itemOf(c: PageContext, { content }: Pick<Pictured, 'content'>): MediaItem {
  const number = c.req.param('number') ?? '';
  const item = /^[1-9]\d?$/.test(number) ? content.media[Number(number) - 1] : undefined;
  if (!item) throw nothingHere();
  return item;
}
