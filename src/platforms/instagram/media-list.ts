// The account's own list of media, newest first, read back to an instant (platform reference 2.4).
import type { Stage } from '../../domain/causes/causes.ts';
import { type PlatformSession, StepUnanswered } from '../contract.ts';
import { askGraph, graphGet } from '../meta/graph-call.ts';
import { INSTAGRAM } from './errors.ts';
import { type Media, mediaPageSchema } from './wire.ts';

const FIELDS = 'id,caption,media_type,media_product_type,permalink,timestamp,shortcode,children{id}';
const PAGE_ITEMS = 25;

/** Far more than an account may publish in the time a reconcile looks back. */
const PAGES = 40;

/**
 * All media since an instant. Pages are read until one lies wholly before it, so that a page out of order hides nothing.
 * @throws GraphRefused | StepUnanswered when any page could not be read: half a list proves no absence (law 4).
 */
export async function listMedia(session: PlatformSession, since: Date, stage: Stage): Promise<Media[]> {
  const found: Media[] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const request = graphGet(session, `/${encodeURIComponent(session.account.remoteId)}/media`, {
      fields: FIELDS,
      limit: String(PAGE_ITEMS),
      ...(after === undefined ? {} : { after }),
    });
    const { data, paging } = await askGraph(session, INSTAGRAM, request, stage, mediaPageSchema);
    const recent = data.filter((media) => media.timestamp >= since);
    found.push(...recent);
    if (paging?.next === undefined || (data.length > 0 && recent.length === 0)) return found;
    after = paging.cursors?.after;
    if (after === undefined) throw new StepUnanswered(stage, 'the list of media goes on without saying where');
  }
  throw new StepUnanswered(stage, `the list of media is longer than ${PAGES} pages of ${PAGE_ITEMS}`);
}
