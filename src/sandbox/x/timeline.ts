// A user's timeline, as X pages through it and where X cuts it off (reference: X, 1.4).
import { type Answer, json } from '../answer.ts';
import { isListed, type Post } from '../posts.ts';
import { vocabularyOf } from './names.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { invalidRequest, notHydrated, unavailable } from './problems.ts';
import { refuseQuery, timelineParameters } from './query.ts';
import type { XCall, XState } from './state.ts';
import { type Asked, askedIn, includesFor, wirePost } from './wire-post.ts';

/** Answers `GET /2/users/:id/tweets`. */
export function timeline(state: XState, call: XCall): Answer {
  const { searchParams } = call.request.url;
  const refused =
    refuseQuery(searchParams, timelineParameters(vocabularyOf(call.settings))) ?? refuseSize(searchParams);
  if (refused) return refused;
  const startMs = timeIn(searchParams, 'start_time', 0);
  const endMs = timeIn(searchParams, 'end_time', Number.POSITIVE_INFINITY);
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) {
    return invalidRequest('start_time', searchParams.get('start_time') ?? '', 'Times are RFC 3339 timestamps');
  }
  const posts = state.rooms.posts.ofAccount('x', call.request.param('id'));
  const from = pageStart(searchParams, posts);
  if (!from) {
    const token = searchParams.get('pagination_token') ?? '';
    const message = `The \`pagination_token\` query parameter value [${token}] is not valid`;
    return invalidRequest('pagination_token', token, message);
  }
  const withReplies = !(searchParams.get('exclude') ?? '').split(',').includes('replies');
  const { timelinePosts, timelinePostsWithoutReplies } = call.settings;
  const { page, next } = pageOf(posts, {
    ...from,
    most: withReplies ? timelinePosts : timelinePostsWithoutReplies,
    maxResults: Number(searchParams.get('max_results') ?? '10'),
    isOlder: (post) => post.createdAtMs < startMs,
    isCounted: (post) => isListed(post, call.nowMs),
    isWanted: (post) => post.createdAtMs <= endMs && (withReplies || post.replyTo === null),
  });
  return pageAnswer(state, call, page, next && pageToken(next));
}

function refuseSize(query: URLSearchParams): Answer | undefined {
  const value = query.get('max_results') ?? '10';
  const maxResults = Number(value);
  if (Number.isInteger(maxResults) && maxResults >= 5 && maxResults <= 100) return undefined;
  const message = `The \`max_results\` query parameter value [${value}] is not between 5 and 100`;
  return invalidRequest('max_results', value, message);
}

function timeIn(query: URLSearchParams, name: string, otherwise: number): number {
  const value = query.get(name);
  return value === null ? otherwise : Date.parse(value);
}

type From = { index: number; counted: number };

/** Undefined for a token that X never issued. */
function pageStart(query: URLSearchParams, posts: readonly Post[]): From | undefined {
  const token = query.get('pagination_token');
  if (token === null) return { index: posts.length - 1, counted: 0 };
  const start = readPageToken(token);
  const index = start ? posts.findLastIndex(({ id }) => id === start.postId) : -1;
  return start && index >= 0 ? { index, counted: start.counted } : undefined;
}

type PageRules = From & {
  /** So many of the newest posts X shows; what lies beyond them ends the list, as if there were no more. */
  most: number;
  maxResults: number;
  isOlder(post: Post): boolean;
  isCounted(post: Post): boolean;
  isWanted(post: Post): boolean;
};

/** Walks from the newest post to older ones until the page is full; costs what the page costs, not the account. */
function pageOf(posts: readonly Post[], rules: PageRules) {
  const page: Post[] = [];
  let { counted } = rules;
  for (let index = rules.index; index >= 0; index -= 1) {
    const post = posts[index];
    if (!post || rules.isOlder(post) || counted === rules.most) break;
    if (page.length === rules.maxResults) return { page, next: { postId: post.id, counted } };
    if (!rules.isCounted(post)) continue;
    counted += 1;
    if (rules.isWanted(post)) page.push(post);
  }
  return { page, next: undefined };
}

/** An empty page has no `data` at all. A partial one says beside the data what X could not fetch. */
function pageAnswer(state: XState, call: XCall, page: Post[], nextToken: string | undefined): Answer {
  const asked = askedIn(call.request.url.searchParams, call.settings);
  const { partial } = call.settings;
  const [lacking] = page;
  const shown = partial === 'resource-unavailable' ? page.slice(1) : page;
  const errors =
    lacking && partial ? { errors: [partial === 'resource-unavailable' ? unavailable(lacking.id) : notHydrated] } : {};
  const next = nextToken === undefined ? {} : { next_token: nextToken };
  const newest = shown[0];
  const oldest = shown.at(-1);
  if (!newest || !oldest) return json(200, { ...errors, meta: { result_count: 0, ...next } });
  const includes = includesFor(shown, asked);
  return json(200, {
    data: shown.map((post) =>
      wirePost(post, partial === 'field-hydration-failure' ? unhydrated(asked) : asked, state.versions.of(post.id)),
    ),
    ...(includes ? { includes } : {}),
    ...errors,
    meta: { result_count: shown.length, newest_id: newest.id, oldest_id: oldest.id, ...next },
  });
}

/** What X could not fetch is simply not there. */
function unhydrated(asked: Asked): Asked {
  const { vocabulary } = asked;
  const missing = new Set(['attachments', 'entities', vocabulary.references, 'referenced_tweets', vocabulary.note]);
  return { ...asked, fields: new Set([...asked.fields].filter((field) => !missing.has(field))) };
}
