// Fetches the feed that a page names, as a visitor does, and finds the post in it. Whatever goes wrong with it says nothing of the post.
import { type FeedSeen, feedAddress, itemOf } from '../../domain/pipeline/page/feed.ts';
import type { FetchedPage } from '../../domain/pipeline/page/fetched-page.ts';
import type { PlannedPost } from '../../domain/pipeline/page/signals.ts';
import { type FetchDeps, locationOf, REDIRECTS } from './fetch-page.ts';
import { pageText } from './page-text.ts';

/** Null: the page names no feed of its site. */
export async function fetchFeed(
  deps: Pick<FetchDeps, 'door' | 'ownOrigins'>,
  page: FetchedPage,
  planned: PlannedPost,
): Promise<FeedSeen | null> {
  const url = feedAddress(page);
  if (url === null) return null;
  const xml = await feedText(deps, url);
  if (xml === null) return { url, item: 'unread' };
  const item = itemOf(xml, url, planned);
  return { url, item: item === null ? 'not_listed' : { xml: item } };
}

/** Null where it could not be read, or where it leads away from its site. */
async function feedText(
  { door, ownOrigins }: Pick<FetchDeps, 'door' | 'ownOrigins'>,
  first: string,
): Promise<string | null> {
  let url = first;
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const answer = await door.ask({ url, want: 'feed', ownOrigins });
    if (answer.kind === 'problem') return null;
    const location = locationOf(answer, url);
    if (location === null) {
      return answer.status === 200 ? pageText(answer.body, answer.headers['content-type'] ?? '') : null;
    }
    if (URL.parse(location)?.origin !== URL.parse(first)?.origin) return null;
    url = location;
  }
  return null;
}
