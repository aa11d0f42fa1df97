// What X tells about itself: who the token belongs to, a user's timeline, one post by id.
import { type Answer, json } from '../answer.ts';
import { isListed, type Post } from '../posts.ts';
import { forbidden, invalidRequest, missing } from './problems.ts';
import { route, type XCall, type XState } from './state.ts';
import { type Asked, askedIn, includesFor, wirePost } from './wire-post.ts';

const readScopes = ['tweet.read', 'users.read'];

/** Registers `users/me`, the timeline, and reads and deletion by id. */
export function registerReads(state: XState): void {
  route(state, 'GET', '/2/users/me', {
    name: 'users_me',
    scopes: readScopes,
    answer: ({ account: { id, name, username } }) => json(200, { data: { id, name, username } }),
  });
  route(state, 'GET', '/2/users/:id/tweets', {
    name: 'timeline',
    scopes: readScopes,
    answer: (call) => timeline(state, call),
  });
  route(state, 'GET', '/2/tweets/:id', { name: 'lookup', scopes: readScopes, answer: (call) => lookup(state, call) });
  route(state, 'DELETE', '/2/tweets/:id', {
    name: 'delete_post',
    scopes: ['tweet.read', 'tweet.write', 'users.read'],
    answer: (call) => deletePost(state, call),
  });
}

function timeline(state: XState, call: XCall): Answer {
  const { searchParams } = call.request.url;
  const maxResults = Number(searchParams.get('max_results') ?? '10');
  if (!Number.isInteger(maxResults) || maxResults < 5 || maxResults > 100) {
    const value = String(maxResults);
    const message = `The \`max_results\` query parameter value [${value}] is not between 5 and 100`;
    return invalidRequest('max_results', value, message);
  }
  const startMs = timeIn(searchParams, 'start_time', 0);
  const endMs = timeIn(searchParams, 'end_time', Number.POSITIVE_INFINITY);
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) {
    return invalidRequest('start_time', searchParams.get('start_time') ?? '', 'Times are RFC 3339 timestamps');
  }
  const withReplies = !(searchParams.get('exclude') ?? '').split(',').includes('replies');
  const posts = state.rooms.posts.ofAccount('x', call.request.param('id'));
  const { page, nextIndex } = pageOf(posts, {
    from: pageStart(searchParams, posts.length),
    maxResults,
    isOlder: (post) => post.createdAtMs < startMs,
    isWanted: (post) =>
      isListed(post, call.nowMs) && post.createdAtMs <= endMs && (withReplies || post.replyTo === null),
  });
  return pageAnswer(page, askedIn(searchParams), nextIndex === undefined ? undefined : `7140${nextIndex.toString(36)}`);
}

function timeIn(query: URLSearchParams, name: string, otherwise: number): number {
  const value = query.get(name);
  return value === null ? otherwise : Date.parse(value);
}

/** Pages go on from an index into the account's posts, wrapped in a token that means nothing to the client. */
function pageStart(query: URLSearchParams, count: number): number {
  const token = query.get('pagination_token');
  return token === null ? count - 1 : Number.parseInt(token.slice(4), 36);
}

type PageRules = { from: number; maxResults: number; isOlder(post: Post): boolean; isWanted(post: Post): boolean };

/** Walks from the newest post to older ones until the page is full; costs what the page costs, not the account. */
function pageOf(posts: readonly Post[], rules: PageRules): { page: Post[]; nextIndex: number | undefined } {
  const page: Post[] = [];
  for (let index = rules.from; index >= 0; index -= 1) {
    const post = posts[index];
    if (!post || rules.isOlder(post)) break;
    if (page.length === rules.maxResults) return { page, nextIndex: index };
    if (rules.isWanted(post)) page.push(post);
  }
  return { page, nextIndex: undefined };
}

/** An empty page has no `data` at all. */
function pageAnswer(page: Post[], asked: Asked, nextToken: string | undefined): Answer {
  const next = nextToken === undefined ? {} : { next_token: nextToken };
  const newest = page[0];
  const oldest = page.at(-1);
  if (!newest || !oldest) return json(200, { meta: { result_count: 0, ...next } });
  const includes = includesFor(page, asked);
  return json(200, {
    data: page.map((post) => wirePost(post, asked)),
    ...(includes ? { includes } : {}),
    meta: { result_count: page.length, newest_id: newest.id, oldest_id: oldest.id, ...next },
  });
}

/** A post that is gone is a 200 with nothing but `errors`. */
function lookup(state: XState, call: XCall): Answer {
  const id = call.request.param('id');
  const post = state.rooms.posts.find('x', id);
  if (!post || post.deletedAtMs !== null) return json(200, { errors: [missing('id', id, 'tweet')] });
  const asked = askedIn(call.request.url.searchParams);
  const includes = includesFor([post], asked);
  return json(200, { data: wirePost(post, asked), ...(includes ? { includes } : {}) });
}

function deletePost(state: XState, call: XCall): Answer {
  const post = state.rooms.posts.find('x', call.request.param('id'));
  if (post && post.accountId !== call.account.id) return forbidden;
  if (post && post.deletedAtMs === null) state.rooms.posts.put({ ...post, deletedAtMs: call.nowMs });
  return json(200, { data: { deleted: true } });
}
