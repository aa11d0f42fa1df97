// `/schedules/{id}/media/{n}/picture`: a media item's picture for our own pages, fetched by us through the media door. What
// cannot be shown is a plain sign, and never a broken page.
import { Readable } from 'node:stream';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import { openAsset } from '../../handoff/asset-download.ts';
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
    const item = await itemOf(c, deps);
    if (isVideo(item)) return c.redirect(asset('video.svg'), 302);
    if (item.sizeBytes > MOST_BYTES) return c.redirect(asset('no-picture.svg'), 302);
    try {
      const stream = await openAsset(mediaOf(deps, c.get('caller').workspaceId), item);
      return c.body(Readable.toWeb(stream), 200, { 'Content-Type': item.mediaType, 'Cache-Control': KEPT });
    } catch (error) {
      if (!(error instanceof MediaUnavailable)) throw error;
      return c.redirect(asset('no-picture.svg'), 302);
    }
  });
}

/** @throws PageRefused when the workspace has no such schedule, or the schedule no such item */
async function itemOf(c: PageContext, deps: PagesDeps): Promise<MediaItem> {
  const schedule = await findSchedule(deps.ledger, c.get('caller').workspaceId, scheduleIdOf(c));
  const number = c.req.param('number') ?? '';
  const item = /^[1-9]\d?$/.test(number) ? schedule?.content.media[Number(number) - 1] : undefined;
  if (!item) throw nothingHere();
  return item;
}
