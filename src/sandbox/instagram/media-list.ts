// The account's media list: newest first, by cursor, no further back than its cap (platform reference 2.4). Its faults are
// answers in part that look whole.
import { type Answer, json } from '../answer.ts';
import { isListed, type Post } from '../posts.ts';
import { invalidParameter, unknownObject } from './errors.ts';
import { fieldsOf } from './parameters.ts';
import type { InstagramCall, InstagramState } from './state.ts';
import { wireMedia } from './wire-media.ts';

const mostItems = 100;

/** GET /{ig}/media. Stricter than Meta: more items than a page holds, or a cursor that is none of ours, are refused. */
export function mediaList(state: InstagramState, call: InstagramCall): Answer {
  const ig = call.request.param('ig');
  if (ig !== call.account.id) return unknownObject('get', ig);
  const limit = Number(call.parameters.get('limit') ?? '25');
  if (!Number.isInteger(limit) || limit < 1 || limit > mostItems) {
    return invalidParameter(`param limit must be a number from 1 to ${mostItems}`);
  }
  const shown = shownPosts(state, call);
  const after = call.parameters.get('after');
  const from = after === undefined ? 0 : positionAfter(after, ig, shown);
  if (from === undefined) return invalidParameter('The cursor that was given in after is not valid.');
  const { listFault } = call.settings;
  const page = listFault === 'empty_end' && from > 0 ? [] : shown.slice(from, from + limit);
  return json(200, {
    data: wirePage(state, call, page),
    ...(page.length === 0 ? {} : { paging: pagingOf(call, page, from + limit < shown.length) }),
  });
}

/** What the list holds, newest first. */
function shownPosts(state: InstagramState, { account, settings, nowMs }: InstagramCall): Post[] {
  const posts = state.rooms.posts.ofAccount('instagram', account.id).filter((post) => isListed(post, nowMs));
  return posts.slice(-settings.listCap).reverse();
}

function wirePage(state: InstagramState, call: InstagramCall, page: readonly Post[]): Record<string, unknown>[] {
  const { listFault } = call.settings;
  const fields = fieldsOf(call.parameters);
  const wired = page.map((post) => wireMedia(state, post, fields, call.settings.captions));
  if (listFault === 'out_of_order') return wired.reverse();
  const lost = { no_timestamp: 'timestamp', no_caption: 'caption' }[String(listFault)];
  return lost === undefined ? wired : wired.map(({ [lost]: _, ...rest }) => rest);
}

function pagingOf(call: InstagramCall, page: readonly Post[], hasMore: boolean): Record<string, unknown> {
  const cursors = { before: cursorOf(page[0]), after: cursorOf(page.at(-1)) };
  const { listFault } = call.settings;
  const promised = hasMore || listFault === 'empty_end' || listFault === 'no_cursor';
  const next = new URL(call.request.url);
  next.searchParams.set('after', cursors.after);
  return { ...(listFault === 'no_cursor' ? {} : { cursors }), ...(promised ? { next: next.href } : {}) };
}

/** A cursor holds the place of one item of one account; nobody else's means anything. */
function cursorOf(post: Post | undefined): string {
  return Buffer.from(`${post?.accountId ?? ''}/${post?.id ?? ''}`).toString('base64url');
}

function positionAfter(cursor: string, ig: string, shown: readonly Post[]): number | undefined {
  const [account, id] = Buffer.from(cursor, 'base64url').toString().split('/');
  const at = shown.findIndex((post) => post.id === id);
  return account !== ig || at < 0 ? undefined : at + 1;
}
