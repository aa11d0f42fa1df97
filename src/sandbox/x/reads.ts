// What X tells about itself: who the token belongs to, a user's timeline, one post by id.
import { type Answer, json } from '../answer.ts';
import { vocabularyOf } from './names.ts';
import { forbidden, missing } from './problems.ts';
import { readParameters, refuseQuery } from './query.ts';
import { route, type XCall, type XState } from './state.ts';
import { timeline } from './timeline.ts';
import { askedIn, includesFor, wirePost } from './wire-post.ts';

const readScopes = ['tweet.read', 'users.read'];

/** Registers `users/me`, the timeline, and reads and deletion by id. */
export function registerReads(state: XState): void {
  route(state, 'GET', '/2/users/me', {
    name: 'users_me',
    scopes: readScopes,
    answer: whoAmI,
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

function whoAmI({ account: { id, name, username }, request, settings }: XCall): Answer {
  const { fieldsParameter } = vocabularyOf(settings);
  const parameters = { 'user.fields': null, expansions: null, [fieldsParameter]: null };
  return refuseQuery(request.url.searchParams, parameters) ?? json(200, { data: { id, name, username } });
}

/** A post that is gone is a 200 with nothing but `errors`. */
function lookup(state: XState, call: XCall): Answer {
  const id = call.request.param('id');
  const refused = refuseQuery(call.request.url.searchParams, readParameters(vocabularyOf(call.settings)));
  if (refused) return refused;
  const post = state.rooms.posts.find('x', id);
  if (!post || post.deletedAtMs !== null) return json(200, { errors: [missing('id', id, 'tweet')] });
  const asked = askedIn(call.request.url.searchParams, call.settings);
  const includes = includesFor([post], asked);
  return json(200, { data: wirePost(post, asked, state.versions.of(id)), ...(includes ? { includes } : {}) });
}

function deletePost(state: XState, call: XCall): Answer {
  const post = state.rooms.posts.find('x', call.request.param('id'));
  if (post && post.accountId !== call.account.id) return forbidden;
  if (post && post.deletedAtMs === null) state.rooms.posts.put({ ...post, deletedAtMs: call.nowMs });
  return json(200, { data: { deleted: true } });
}
