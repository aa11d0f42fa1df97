// What Instagram tells: who the token belongs to, a container's status, one medium, an account's media list.
import { type Answer, json } from '../answer.ts';
import type { SandboxRequest } from '../request.ts';
import { type Container, type StatusCode, shownStatus } from './containers.ts';
import { unknownObject } from './errors.ts';
import { mediaList } from './media-list.ts';
import { fieldsOf, parametersOf } from './parameters.ts';
import { type InstagramCall, type InstagramState, readScope, route } from './state.ts';
import { MEDIA_FIELDS, wireMedia } from './wire-media.ts';

/** Registers the reads; an object's kind follows from its id. */
export function registerReads(state: InstagramState): void {
  const scopes = [readScope];
  const parameters = ['fields'];
  route(state, 'GET', '/me', {
    name: 'me',
    scopes,
    parameters,
    fields: PERSON_FIELDS,
    answer: (call) => json(200, person(state, call, appScopedId(call))),
  });
  route(state, 'GET', '/:ig/media', {
    name: 'media_list',
    scopes,
    parameters: ['fields', 'limit', 'after'],
    fields: MEDIA_FIELDS,
    answer: (call) => mediaList(state, call),
  });
  route(state, 'GET', '/:id', {
    name: (request) => nameOf(state, request),
    scopes,
    parameters,
    fields: [...MEDIA_FIELDS, ...CONTAINER_FIELDS, ...PERSON_FIELDS],
    answer: (call) => object(state, call),
  });
}

/** Of an account (reference 2.1); `id` always comes. */
const PERSON_FIELDS = ['id', 'user_id', 'username', 'name', 'account_type', 'media_count'];

/** Of a container (reference 2.2, "Poll"). */
const CONTAINER_FIELDS = ['status_code', 'status'];

function nameOf(state: InstagramState, request: SandboxRequest): string {
  const id = request.param('id');
  if (state.containers.find(id)) return 'container_status';
  if (state.rooms.posts.find('instagram', id)) return 'media_lookup';
  if (state.rooms.accounts.find(id)) return 'me';
  return fieldsOf(parametersOf(request)).has('status_code') ? 'container_status' : 'media_lookup';
}

/** `id` of `/me` is scoped to the app; the id that publishes is `user_id`. */
function appScopedId({ account }: InstagramCall): string {
  return `2${account.id.slice(1)}`;
}

function person(state: InstagramState, { account, parameters }: InstagramCall, id: string): Record<string, unknown> {
  const posts = state.rooms.posts.ofAccount('instagram', account.id);
  const known: Record<string, unknown> = {
    user_id: account.id,
    username: account.username,
    name: account.name,
    account_type: 'BUSINESS',
    /** Of all that is live, whether or not the list shows it yet. */
    media_count: posts.filter(({ deletedAtMs }) => deletedAtMs === null).length,
  };
  const asked = [...fieldsOf(parameters)].flatMap((field) => (field in known ? [[field, known[field]]] : []));
  return { ...Object.fromEntries(asked), id };
}

function object(state: InstagramState, call: InstagramCall): Answer {
  const id = call.request.param('id');
  const container = state.containers.find(id);
  if (container?.accountId === call.account.id) return containerStatus(call, container);
  const post = state.rooms.posts.find('instagram', id);
  if (post?.accountId === call.account.id && post.deletedAtMs === null) {
    return json(200, wireMedia(state, post, fieldsOf(call.parameters)));
  }
  return id === call.account.id ? json(200, person(state, call, id)) : unknownObject('get', id);
}

const sentences: Record<StatusCode, string> = {
  IN_PROGRESS: 'In Progress: Media is still being processed.',
  FINISHED: 'Finished: Media has been uploaded and it is ready to be published.',
  PUBLISHED: 'Published: Media has been published.',
  ERROR: 'Error: Media upload has failed with error code ',
  EXPIRED: 'Expired: Media was not published within 24 hours and has expired.',
};

function containerStatus(call: InstagramCall, container: Container): Answer {
  const code = shownStatus(container, call.settings.statusLagMs, call.nowMs);
  const status = code === 'ERROR' ? `${sentences.ERROR}${container.failure}` : sentences[code];
  const fields = fieldsOf(call.parameters);
  return json(200, {
    ...(fields.has('status_code') ? { status_code: code } : {}),
    ...(fields.has('status') ? { status } : {}),
    id: container.id,
  });
}
