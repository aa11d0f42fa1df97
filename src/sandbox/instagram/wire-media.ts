// How Instagram shows a published medium: the id always, the rest when `fields` asks for it.
import type { Post } from '../posts.ts';
import { shortcodeOf } from './publish.ts';
import type { InstagramSettings } from './settings.ts';
import type { InstagramState } from './state.ts';

/** Of a medium (platform reference 2.4). */
export const MEDIA_FIELDS = [
  'id',
  'caption',
  'media_type',
  'media_product_type',
  'permalink',
  'shortcode',
  'timestamp',
  'username',
  'alt_text',
  'children',
];

/** One medium with the fields that were asked for. */
export function wireMedia(
  state: InstagramState,
  post: Post,
  fields: Set<string>,
  captions: InstagramSettings['captions'] = 'as_sent',
): Record<string, unknown> {
  const container = state.containers.find(post.madeFrom ?? '');
  const username = state.rooms.accounts.find(post.accountId)?.username;
  const isReel = container?.mediaType === 'REELS';
  const known: Record<string, unknown> = {
    caption: post.text === '' ? undefined : captions === 'as_sent' ? post.text : rewritten(post.text),
    media_type: container?.mediaType === 'CAROUSEL' ? 'CAROUSEL_ALBUM' : isReel ? 'VIDEO' : 'IMAGE',
    media_product_type: isReel ? 'REELS' : 'FEED',
    permalink: post.url,
    shortcode: shortcodeOf(post.id),
    timestamp: new Date(post.createdAtMs).toISOString().replace(/\.\d+Z$/, '+0000'),
    username,
    alt_text: post.media[0]?.altText ?? undefined,
    children: container?.mediaType === 'CAROUSEL' ? { data: post.media.map(({ id }) => ({ id })) } : undefined,
  };
  const asked = [...fields].filter((field) => known[field] !== undefined).map((field) => [field, known[field]]);
  return { ...Object.fromEntries(asked), id: post.id };
}

/** Entities for what HTML would read, and no-break spaces for blanks. */
function rewritten(caption: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return caption.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign).replaceAll(' ', '\u00a0');
}
