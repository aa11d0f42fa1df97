// The record of a post (app.bsky.feed.post). It follows from the post, from what was saved and from the first create: every
// attempt after that builds the same one, so the PDS answers a repeat with "nothing to do".
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import type { Json, PlatformSession } from '../sessions.ts';
import { type Uploaded, uploadedMedia } from './blobs.ts';
import { type Facet, facetsOf } from './facets.ts';
import { savedMentions } from './mentions.ts';
import { optionsSchema } from './options.ts';
import type { Blob } from './wire.ts';

export const COLLECTION = 'app.bsky.feed.post';

interface AspectRatio {
  readonly width: number;
  readonly height: number;
}

interface EmbeddedImage {
  readonly image: Blob;
  readonly alt: string;
  readonly aspectRatio?: AspectRatio;
}

export type Embed =
  | { readonly $type: 'app.bsky.embed.images'; readonly images: readonly EmbeddedImage[] }
  | {
      readonly $type: 'app.bsky.embed.video';
      readonly video: Blob;
      readonly alt?: string;
      readonly aspectRatio?: AspectRatio;
    };

export interface PostRecord {
  readonly $type: typeof COLLECTION;
  readonly text: string;
  readonly createdAt: string;
  readonly langs?: readonly string[];
  readonly facets?: readonly Facet[];
  readonly embed?: Embed;
}

/** The record of this session's post, from the saved blobs and mentions. */
export function buildRecord(session: PlatformSession): PostRecord {
  const { content, options } = session.post;
  const { langs } = optionsSchema.parse(options);
  const facets = facetsOf(content.text, savedMentions(session));
  const embed = embedOf(uploadedMedia(session));
  return {
    $type: COLLECTION,
    text: content.text,
    createdAt: createdAt(session),
    ...(langs && { langs }),
    ...(facets.length > 0 && { facets }),
    ...(embed && { embed }),
  };
}

const sentWith = z.object({ createdAt: z.iso.datetime() });

/**
 * The instant of the first create that may have left, kept since so that every later one writes the same record. Not the
 * instant the post was meant for: feeds sort by it, and a post that is a day late would be buried under a day's posts.
 */
function createdAt({ post: { firstCreate }, now }: PlatformSession): string {
  return sentWith.safeParse(firstCreate?.markers).data?.createdAt ?? now().toISOString();
}

/** SHA-256, hex, of a record's canonical JSON: two records are the same post when it is equal. */
export function recordDigest(record: PostRecord | Readonly<Record<string, Json>>): string {
  return createHash('sha256')
    .update(canonicalize(record) ?? '')
    .digest('hex');
}

function embedOf(items: readonly Uploaded[]): Embed | undefined {
  const [first] = items;
  if (!first) return undefined;
  if (isVideo(first.item)) {
    const alt = first.item.altText;
    return { $type: 'app.bsky.embed.video', video: first.blob, ...(alt && { alt }), ...aspectRatio(first.item) };
  }
  const images = items.map(({ item, blob }) => ({ image: blob, alt: item.altText ?? '', ...aspectRatio(item) }));
  return { $type: 'app.bsky.embed.images', images };
}

function aspectRatio(item: MediaItem): { readonly aspectRatio?: AspectRatio } {
  if (item.widthPx === undefined || item.heightPx === undefined) return {};
  return { aspectRatio: { width: item.widthPx, height: item.heightPx } };
}
