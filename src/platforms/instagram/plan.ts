// Which containers a post needs, and with which parameters (platform reference 2.2). Pure.
import type { Stage } from '../../domain/causes/causes.ts';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import type { Params } from '../meta/graph-call.ts';
import type { PostToPublish } from '../sessions.ts';
import { madeFromItem, madeFromPost } from './made-from.ts';
import { type InstagramOptions, instagramOptionsSchema } from './options.ts';
import { type Shape, shapeOf } from './shape.ts';

/** A container to be made. */
export interface ContainerSpec {
  /** The name under which its remote id is saved. */
  readonly slot: string;
  /** What it is called at the named points: `<point>_created`, `<point>_ready`. */
  readonly point: 'child' | 'parent' | 'container';
  readonly stage: Extract<Stage, 'child' | 'parent' | 'media'>;
  /** Of a child: which of the post's media it holds, from 0. */
  readonly mediaItem?: number;
  /** What it is made from; a saved container of anything else is not it. */
  readonly madeFrom: string;
  /** Asked each time a container is made; a parent's first bring its children to FINISHED. */
  readonly params: () => Promise<Params>;
}

/** What is to be published: one container by itself, or children under a parent that is made of their ids. */
export type PostPlan =
  | { readonly shape: 'image' | 'reel'; readonly single: ContainerSpec }
  | {
      readonly shape: 'carousel';
      readonly children: readonly ContainerSpec[];
      readonly parent: (childIds: () => Promise<readonly string[]>) => ContainerSpec;
    };

/** The slot of the container that is published in the end. */
export const PUBLISHED_SLOT = 'container';

/** The plan of a post; undefined when it has no media, which the border already refuses. */
export function planOf(post: PostToPublish): PostPlan | undefined {
  const options = instagramOptionsSchema.parse(post.options);
  const { media, text: caption } = post.content;
  const shape = shapeOf(media);
  const [first] = media;
  const published = { slot: PUBLISHED_SLOT, madeFrom: madeFromPost(post) };
  if (first === undefined || shape === undefined) return undefined;
  if (shape === 'carousel') {
    return {
      shape,
      children: media.map((item, index) => childSpec(item, index, options)),
      parent: (childIds) => ({ ...published, ...parentSpec(childIds, caption, options) }),
    };
  }
  return { shape, single: { ...published, ...singleSpec(first, shape, caption, options) } };
}

/** A container without the slot and the make of the post as a whole. */
type Unplaced = Omit<ContainerSpec, 'slot' | 'madeFrom'>;

function singleSpec(
  item: MediaItem,
  shape: Exclude<Shape, 'carousel'>,
  caption: string,
  options: InstagramOptions,
): Unplaced {
  const params = {
    ...(shape === 'image' ? imageParams(item) : { media_type: 'REELS', video_url: item.url }),
    ...(shape === 'reel' ? reelParams(options) : {}),
    ...(options.aiGenerated === undefined ? {} : { is_ai_generated: String(options.aiGenerated) }),
    ...tagParams(options, 0),
    ...postParams(caption, options),
  };
  return { point: 'container', stage: 'media', params: async () => params };
}

function childSpec(item: MediaItem, index: number, options: InstagramOptions): ContainerSpec {
  const params = {
    is_carousel_item: 'true',
    ...(isVideo(item) ? { media_type: 'VIDEO', video_url: item.url } : imageParams(item)),
    ...tagParams(options, index),
  };
  const madeFrom = madeFromItem(item, params);
  return {
    slot: `child:${index}`,
    mediaItem: index,
    madeFrom,
    point: 'child',
    stage: 'child',
    params: async () => params,
  };
}

function parentSpec(childIds: () => Promise<readonly string[]>, caption: string, options: InstagramOptions): Unplaced {
  const params = async () => ({
    media_type: 'CAROUSEL',
    children: (await childIds()).join(','),
    ...postParams(caption, options),
  });
  return { point: 'parent', stage: 'parent', params };
}

function imageParams(item: MediaItem): Params {
  return { image_url: item.url, ...(item.altText === undefined ? {} : { alt_text: item.altText }) };
}

function reelParams({ shareToFeed, coverUrl, thumbOffsetMs }: InstagramOptions): Params {
  return {
    ...(shareToFeed === undefined ? {} : { share_to_feed: String(shareToFeed) }),
    ...(coverUrl === undefined ? {} : { cover_url: coverUrl }),
    ...(thumbOffsetMs === undefined ? {} : { thumb_offset: String(thumbOffsetMs) }),
  };
}

/** What belongs to the post as a whole: children take neither caption nor place. */
function postParams(caption: string, { locationId }: InstagramOptions): Params {
  return {
    ...(caption === '' ? {} : { caption }),
    ...(locationId === undefined ? {} : { location_id: locationId }),
  };
}

function tagParams({ userTags }: InstagramOptions, mediaIndex: number): Params {
  const tags = (userTags ?? [])
    .filter((tag) => (tag.mediaIndex ?? 0) === mediaIndex)
    .map(({ mediaIndex: _, ...tag }) => tag);
  return tags.length === 0 ? {} : { user_tags: JSON.stringify(tags) };
}
