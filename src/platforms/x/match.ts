// Recognises our post among an account's posts: by a medium we uploaded, else by its text as X gives it back. Pure.
import type { TimelinePost } from './wire.ts';

/** What our post carries. */
export interface Marks {
  readonly text: string;
  readonly hasMedia: boolean;
  /** What X called its media; empty where X said nothing of it. */
  readonly mediaKeys: readonly string[];
  readonly isReply: boolean;
}

/** The instants between which our post can have been made, in epoch milliseconds, both included. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Our post, `unclear`, or null. It is unclear where a post has our text, or like ours none, and shows media that we do not
 * know as ours: X may call a medium otherwise than it did, and shows the photo of a link, so it is neither adopted nor
 * called another's.
 * A medium of ours decides before a text; of several that match, the oldest is ours.
 */
export function findOurs(
  posts: readonly TimelinePost[],
  marks: Marks,
  window: Window,
  taken: ReadonlySet<string>,
): TimelinePost | 'unclear' | null {
  const free = posts.filter((post) => !taken.has(post.id));
  const byMedia = free.filter((post) => post.attachments?.media_keys?.some((key) => marks.mediaKeys.includes(key)));
  const sameText = free.filter((post) => madeIn(post, window) && says(post, marks));
  const known = isSign(marks) ? sameText.filter((post) => !showsUnknownMedia(post, marks)) : [];
  const ours = oldest(byMedia) ?? oldest(known);
  return ours ?? (sameText.length > 0 ? 'unclear' : null);
}

/** We sent no media, or we know what ours is called and this is called otherwise. */
function showsUnknownMedia({ attachments }: TimelinePost, { hasMedia, mediaKeys }: Marks): boolean {
  const shown = attachments?.media_keys ?? [];
  return shown.length > 0 && (!hasMedia || mediaKeys.length > 0);
}

function oldest(posts: readonly TimelinePost[]): TimelinePost | null {
  return posts.reduce<TimelinePost | null>(
    (first, post) => (first === null || BigInt(post.id) < BigInt(first.id) ? post : first),
    null,
  );
}

/** The first millisecond of X's ids, in epoch milliseconds. */
const SNOWFLAKE_EPOCH_MS = 1_288_834_974_657n;

/** When a post was made, in epoch milliseconds: as X says, else as its id tells. */
export function madeAtMs(post: Pick<TimelinePost, 'id' | 'created_at'>): number {
  return post.created_at ? Date.parse(post.created_at) : Number((BigInt(post.id) >> 22n) + SNOWFLAKE_EPOCH_MS);
}

function madeIn(post: TimelinePost, { fromMs, toMs }: Window): boolean {
  const madeMs = madeAtMs(post);
  return madeMs >= fromMs && madeMs <= toMs;
}

/** An empty text is no sign by which a post could be adopted. */
function isSign({ text, isReply }: Marks): boolean {
  return comparable(text, isReply) !== '';
}

/** Without a text, only a post that shows nothing but media can be ours. */
function says(post: TimelinePost, marks: Marks): boolean {
  const { text, isReply, hasMedia } = marks;
  const theirs = comparable(originalText(post), isReply);
  if (isSign(marks)) return theirs === comparable(text, isReply);
  const wordless = isReply ? /^(?:@\w+ ?)*$/.test(theirs) : theirs === '';
  return wordless && hasMedia && (post.attachments?.media_keys ?? []).length > 0;
}

/** The text as its author wrote it: escapes undone, links expanded, the link to the post's own media gone. */
export function originalText(post: TimelinePost): string {
  const { text, entities } = post.note_tweet ?? post;
  const urls = entities?.urls ?? [];
  const isOwnMedia = (link: string): boolean => {
    const entity = urls.find(({ url }) => url === link);
    if (entity === undefined) return post.attachments !== undefined;
    return entity.media_key !== undefined || /\/status\/\d+\/(?:photo|video)\/\d+$/.test(entity.expanded_url ?? '');
  };
  const unescaped = text.replace(/&(amp|lt|gt);/g, (_escape, name: string) => ESCAPED[name] ?? '');
  const own = unescaped.replace(/\s*(https:\/\/t\.co\/\w+)\s*$/, (all, link: string) => (isOwnMedia(link) ? '' : all));
  return urls.reduce((kept, { url, expanded_url }) => kept.replaceAll(url, () => expanded_url ?? url), own);
}

const ESCAPED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

/** X adds `http://` to bare domains and mentions to replies, and trims; none of it tells two posts apart. */
function comparable(text: string, isReply: boolean): string {
  const plain = text
    .normalize('NFC')
    .replace(/https?:\/\//gi, '')
    .replace(/\/(?=\s|$)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return isReply ? plain.replace(/^(?:@\w+ )+/, '') : plain;
}
