// POST /{ig}/media: makes an invisible container. Images are fetched during the call, videos after it.
import { type Answer, json } from '../answer.ts';
import { metaId } from '../ids.ts';
import type { SandboxRequest } from '../request.ts';
import { everyParameter, type Kind, refuseParameters } from './container-parameters.ts';
import { type Container, statusOf } from './containers.ts';
import { invalidParameter, unknownObject } from './errors.ts';
import { fetchImage } from './fetch-media.ts';
import { fetchInBackground } from './fetching.ts';
import { parametersOf } from './parameters.ts';
import { mediaRefusals, unfetchable } from './presets.ts';
import { type InstagramCall, type InstagramState, publishScope, readScope, route } from './state.ts';

/** Registers the call; its variants are `single`, `child` and `parent`. */
export function registerCreateContainer(state: InstagramState): void {
  route(state, 'POST', '/:ig/media', {
    name: (request) => `create_container.${shapeOf(request)}`,
    scopes: [readScope, publishScope],
    parameters: everyParameter,
    answer: (call) => createContainer(state, call),
  });
}

function shapeOf(request: SandboxRequest): Container['shape'] {
  const parameters = parametersOf(request);
  if (parameters.get('media_type') === 'CAROUSEL') return 'parent';
  return parameters.get('is_carousel_item') === 'true' ? 'child' : 'single';
}

type Wanted = Pick<Container, 'shape' | 'mediaType' | 'caption' | 'altText' | 'children' | 'sourceUrl'>;

async function createContainer(state: InstagramState, call: InstagramCall): Promise<Answer> {
  const ig = call.request.param('ig');
  if (ig !== call.account.id) return unknownObject('post', ig);
  const wanted = wantedIn(call);
  const refused =
    refuseWanted(call, wanted) ??
    refuseParameters(call.parameters, kindOf(wanted)) ??
    (wanted.shape === 'parent' ? refuseChildren(state, call, wanted) : undefined);
  if (refused) return refused;
  if (wanted.mediaType === 'IMAGE' && wanted.sourceUrl !== null) {
    const fetched = await fetchImage(wanted.sourceUrl, call.settings.fetchTimeoutMs);
    if (fetched !== 'good') return refuseImage(fetched, wanted.sourceUrl);
  }
  const container = begin(state, call, wanted);
  if (container.fetchedAtMs === null) fetchInBackground(state, container);
  return json(200, { id: container.id });
}

function wantedIn({ parameters, request }: InstagramCall): Wanted {
  const shape = shapeOf(request);
  const caption = parameters.get('caption') ?? '';
  return {
    shape,
    mediaType: mediaTypeOf(parameters.get('media_type'), shape, parameters.has('video_url')),
    caption: shape === 'child' ? '' : caption.normalize('NFC'),
    altText: parameters.get('alt_text') ?? null,
    children: (parameters.get('children') ?? '').split(',').filter((id) => id !== ''),
    sourceUrl: parameters.get('video_url') ?? parameters.get('image_url') ?? null,
  };
}

function kindOf({ shape, mediaType }: Wanted): Kind {
  if (shape !== 'single') return shape;
  return mediaType === 'REELS' ? 'reel' : 'image';
}

/** `VIDEO` alone is the old name of a reel; as a carousel's child it is a video. */
function mediaTypeOf(named: string | undefined, shape: Container['shape'], isVideo: boolean): Container['mediaType'] {
  if (shape === 'parent') return 'CAROUSEL';
  if (shape === 'child') return isVideo ? 'VIDEO' : 'IMAGE';
  return named === 'REELS' || named === 'VIDEO' ? 'REELS' : 'IMAGE';
}

function refuseWanted({ parameters }: InstagramCall, wanted: Wanted): Answer | undefined {
  const named = parameters.get('media_type');
  const known = wanted.shape === 'child' ? ['IMAGE', 'VIDEO'] : ['IMAGE', 'VIDEO', 'REELS', 'CAROUSEL'];
  if (named !== undefined && !known.includes(named)) return mediaRefusals.unknown_media_type;
  if (captionIsTooLong(wanted.caption)) return mediaRefusals.caption_too_long;
  if ((wanted.altText ?? '').length > 1000) return invalidParameter('param alt_text must be at most 1000 characters');
  if (wanted.shape === 'parent') return undefined;
  const source = wanted.mediaType === 'IMAGE' ? 'image_url' : 'video_url';
  return parameters.has(source) ? undefined : invalidParameter(`The parameter ${source} is required.`);
}

function captionIsTooLong(caption: string): boolean {
  const hashtags = caption.match(/#[\p{L}\p{N}_]+/gu) ?? [];
  const mentions = caption.match(/@[\w.]+/g) ?? [];
  return [...caption].length > 2200 || hashtags.length > 30 || mentions.length > 20;
}

function refuseChildren(state: InstagramState, call: InstagramCall, { children }: Wanted): Answer | undefined {
  if (children.length < 2 || children.length > 10) return mediaRefusals.carousel_size;
  for (const id of children) {
    const child = state.containers.find(id);
    if (!child || child.accountId !== call.account.id || child.shape !== 'child') return mediaRefusals.not_found;
    const status = statusOf(child, call.nowMs);
    if (status === 'EXPIRED') return mediaRefusals.not_found_for_now;
    if (status !== 'FINISHED' && status !== 'PUBLISHED') return mediaRefusals.not_ready;
  }
  return undefined;
}

function refuseImage(fetched: Exclude<Awaited<ReturnType<typeof fetchImage>>, 'good'>, url: string): Answer {
  if (fetched === 'unfetchable' || fetched === 'video_too_large' || fetched === 'video_format') return unfetchable(url);
  return mediaRefusals[fetched];
}

function begin(state: InstagramState, call: InstagramCall, wanted: Wanted): Container {
  const { processing } = call.effects();
  const nowMs = state.rooms.clock.now();
  const takes = processing === 'never' ? 'never' : call.settings.processingMs;
  const isFetched = wanted.mediaType === 'IMAGE' || wanted.mediaType === 'CAROUSEL';
  const container: Container = {
    ...wanted,
    id: metaId('178'),
    accountId: call.account.id,
    createdAtMs: nowMs,
    fetchedAtMs: isFetched ? nowMs : null,
    processingMs: takes === 'never' ? null : takes,
    failure: typeof processing === 'object' ? (processing.failed ?? '2207082') : null,
    publishedAs: null,
    publishedAtMs: null,
  };
  state.containers.put(container);
  return container;
}
