// The account's own list of media, newest first, read back to an instant (platform reference 2.4).
import type { Stage } from '../../domain/causes/causes.ts';
import { askGraph, graphGet } from '../meta/graph-call.ts';
import type { AccountSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { INSTAGRAM } from './errors.ts';
import { type Media, type MediaPage, mediaCountSchema, mediaPageSchema } from './wire.ts';

const FIELDS = 'id,caption,media_type,media_product_type,permalink,timestamp,shortcode,children{id}';
const PAGE_ITEMS = 25;

/** Far more than an account may publish in the time a reconcile looks back. */
const PAGES = 40;

/** What was read of the list, in its own order. */
export interface MediaList {
  readonly media: readonly Media[];
  /**
   * Its true end was read: a page that names no next one (as Meta documents it), and that is no sign of a cut list itself,
   * being empty where more was promised, or full.
   */
  readonly whole: boolean;
}

/**
 * The list's media from the newest back to an instant. Pages are read until one lies wholly before it, so that a page out of
 * order hides nothing.
 * @throws GraphRefused | StepUnanswered when any page could not be read: half a list proves no absence (law 4).
 */
export async function listMedia(session: AccountSession, since: Date, stage: Stage): Promise<MediaList> {
  const media: Media[] = [];
  let last: MediaPage | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const before = last;
    last = await readPage(session, before?.paging?.cursors?.after ?? undefined, stage);
    media.push(...last.data);
    if (last.data.length > 0 && last.data.every(({ timestamp }) => timestamp && timestamp < since)) {
      return { media, whole: false };
    }
    if (!goesOn(last)) return { media, whole: endsThere(last, before) };
    if (!last.paging?.cursors?.after) {
      throw new StepUnanswered(stage, 'the list of media goes on without saying where');
    }
  }
  throw new StepUnanswered(stage, `the list of media is longer than ${PAGES} pages of ${PAGE_ITEMS}`);
}

function readPage(session: AccountSession, after: string | undefined, stage: Stage): Promise<MediaPage> {
  const request = graphGet(session, `/${encodeURIComponent(session.account.remoteId)}/media`, {
    fields: FIELDS,
    limit: String(PAGE_ITEMS),
    ...(after === undefined ? {} : { after }),
  });
  return askGraph(session, INSTAGRAM, request, stage, mediaPageSchema);
}

/** A page that names a next one. A full one that does not, and says where it ends, is asked whether that is so. */
function goesOn({ data, paging }: MediaPage): boolean {
  if (paging?.next) return true;
  return data.length >= PAGE_ITEMS && Boolean(paging?.cursors?.after);
}

/** `last` names no next page. An empty one ends only a list whose page before it promised no more either. */
function endsThere(last: MediaPage, before: MediaPage | undefined): boolean {
  if (last.data.length > 0) return last.data.length < PAGE_ITEMS;
  return before !== undefined && !before.paging?.next;
}

/** How many posts the account has, as the account itself says. @throws GraphRefused | StepUnanswered */
export async function countMedia(session: AccountSession): Promise<number> {
  const path = `/${encodeURIComponent(session.account.remoteId)}`;
  const request = graphGet(session, path, { fields: 'media_count' });
  return (await askGraph(session, INSTAGRAM, request, 'reconcile', mediaCountSchema)).media_count;
}
