// How X shows a post: the default fields always, the others when `tweet.fields` and `expansions` ask for them.
import type { Post } from '../posts.ts';
import { type WireText, wireTextOf } from './text.ts';

const mediaPath: Record<string, string> = { photo: 'photo', video: 'video', animated_gif: 'video' };

/** The text X returns for this post, with its links. */
export function shownText(post: Post): WireText {
  const first = post.media[0];
  return wireTextOf({
    id: post.id,
    text: post.text,
    mediaUrl: first ? `${post.url}/${mediaPath[first.kind] ?? 'photo'}/1` : null,
    mediaKey: first?.key ?? null,
  });
}

/** What a read asked for. */
export type Asked = { fields: Set<string>; expansions: Set<string>; mediaFields: Set<string> };

/** Reads `tweet.fields`, `media.fields` and `expansions` from a query. */
export function askedIn(query: URLSearchParams): Asked {
  const list = (name: string) => new Set((query.get(name) ?? '').split(',').filter((part) => part !== ''));
  return { fields: list('tweet.fields'), expansions: list('expansions'), mediaFields: list('media.fields') };
}

/** One post as an entry of `data`. */
export function wirePost(post: Post, { fields }: Asked): Record<string, unknown> {
  const { text, urls } = shownText(post);
  const shown: Record<string, unknown> = { id: post.id, text, edit_history_tweet_ids: [post.id] };
  if (fields.has('created_at')) shown.created_at = toWholeSecond(post.createdAtMs);
  if (fields.has('author_id')) shown.author_id = post.accountId;
  if (fields.has('attachments') && post.media.length > 0) {
    shown.attachments = { media_keys: post.media.map((media) => media.key) };
  }
  if (fields.has('entities') && urls.length > 0) shown.entities = { urls };
  if (fields.has('referenced_tweets') && post.replyTo !== null) {
    shown.referenced_tweets = [{ type: 'replied_to', id: post.replyTo }];
  }
  return shown;
}

/** X's times have milliseconds in their form only. */
function toWholeSecond(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** The `includes` of an answer; undefined when nothing was asked for or there is nothing to include. */
export function includesFor(
  posts: readonly Post[],
  { expansions, mediaFields }: Asked,
): Record<string, unknown> | undefined {
  if (!expansions.has('attachments.media_keys')) return undefined;
  const media = posts
    .flatMap((post) => post.media)
    .map(({ key, kind, altText }) => ({
      media_key: key,
      type: kind,
      ...(mediaFields.has('alt_text') && altText !== null ? { alt_text: altText } : {}),
    }));
  return media.length > 0 ? { media } : undefined;
}
