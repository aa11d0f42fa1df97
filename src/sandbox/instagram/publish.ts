// POST /{ig}/media_publish, Instagram's point of no return: the container becomes a post. There is no idempotency key.
import { type Answer, json } from '../answer.ts';
import { metaId } from '../ids.ts';
import type { Post } from '../posts.ts';
import { type Container, readyAtMs, statusOf } from './containers.ts';
import { invalidParameter, unknownObject } from './errors.ts';
import { mediaRefusals } from './presets.ts';
import { quotaOf } from './quota.ts';
import { type InstagramCall, type InstagramState, publishScope, readScope, route } from './state.ts';

/** Registers the call. */
export function registerPublish(state: InstagramState): void {
  route(state, 'POST', '/:ig/media_publish', {
    name: 'publish',
    scopes: [readScope, publishScope],
    parameters: ['creation_id'],
    answer: (call) => publish(state, call),
  });
}

function publish(state: InstagramState, call: InstagramCall): Answer {
  const ig = call.request.param('ig');
  if (ig !== call.account.id) return unknownObject('post', ig);
  const creationId = call.parameters.get('creation_id');
  if (creationId === undefined) return invalidParameter('The parameter creation_id is required.');
  const container = state.containers.find(creationId);
  if (!container || container.accountId !== ig || container.shape === 'child') return mediaRefusals.not_found;
  const status = statusOf(container, call.nowMs);
  if (status === 'PUBLISHED') return republish(state, call, container);
  if (status === 'EXPIRED') return mediaRefusals.not_found_for_now;
  if (status !== 'FINISHED' || call.nowMs < readyAtMs(container) + call.settings.publishLagMs)
    return mediaRefusals.not_ready;
  const { used, total } = quotaOf(state, call);
  if (used >= total) return mediaRefusals.quota_used_up;
  return json(200, { id: goLive(state, call, container) });
}

/** A published container again: Instagram's answer is not documented, so each account chooses one. */
function republish(state: InstagramState, call: InstagramCall, container: Container): Answer {
  switch (call.settings.republish) {
    case 'same_id':
      return json(200, { id: container.publishedAs });
    case 'error_9007':
      return mediaRefusals.not_ready;
    case 'error_24':
      return mediaRefusals.not_found;
    case 'second_post':
      return json(200, { id: goLive(state, call, container) });
  }
}

function goLive(state: InstagramState, call: InstagramCall, container: Container): string {
  const id = metaId('179');
  const hidden = call.effects().hiddenMs ?? call.settings.listDelayMs;
  const isReel = container.mediaType === 'REELS';
  state.rooms.posts.put({
    platform: 'instagram',
    accountId: call.account.id,
    id,
    url: `https://www.instagram.com/${isReel ? 'reel' : 'p'}/${shortcodeOf(id)}/`,
    text: container.caption,
    media: mediaOf(state, container),
    createdAtMs: call.nowMs,
    listedFromMs: hidden === 'forever' ? null : call.nowMs + hidden,
    replyTo: null,
    madeFrom: container.id,
    contentKey: container.id,
    deletedAtMs: null,
  });
  state.containers.put({ ...container, publishedAs: id, publishedAtMs: call.nowMs });
  return id;
}

function mediaOf(state: InstagramState, container: Container): Post['media'] {
  if (container.shape !== 'parent') return [mediumOf(container)];
  return container.children.flatMap((id) => state.containers.find(id) ?? []).map(mediumOf);
}

function mediumOf(container: Container): Post['media'][number] {
  const kind = { IMAGE: 'image', VIDEO: 'video', REELS: 'reel', CAROUSEL: 'carousel' }[container.mediaType];
  return { id: metaId('180'), key: container.sourceUrl ?? '', kind, altText: container.altText };
}

/** Instagram's short codes are the id in base 64. */
export function shortcodeOf(mediaId: string): string {
  return Buffer.from(BigInt(mediaId).toString(16).padStart(16, '0'), 'hex').toString('base64url');
}
