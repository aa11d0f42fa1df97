// How X shows a post: the default fields always, the others when they are asked for.
import type { Post } from '../posts.ts';
import { type Vocabulary, vocabularyOf } from './names.ts';
import type { XSettings } from './settings.ts';
import { shortLink, type WireText, weightOf, wireTextOf } from './text.ts';

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

/** What a read asked for, and in which of X's vocabularies. */
export type Asked = { fields: Set<string>; expansions: Set<string>; mediaFields: Set<string>; vocabulary: Vocabulary };

/** Reads the fields, `media.fields` and `expansions` from a query. */
export function askedIn(query: URLSearchParams, settings: XSettings): Asked {
  const list = (name: string) => new Set((query.get(name) ?? '').split(',').filter((part) => part !== ''));
  const vocabulary = vocabularyOf(settings);
  const fields = list(vocabulary.fieldsParameter);
  return { fields, expansions: list('expansions'), mediaFields: list('media.fields'), vocabulary };
}

/** One post as an entry of `data`; `versions` are the ids of its versions. */
export function wirePost(
  post: Post,
  { fields, expansions, vocabulary }: Asked,
  versions: readonly string[],
): Record<string, unknown> {
  const { text, urls } = shownText(post);
  const isLong = weightOf(post.text) > longTextWeight;
  const shown: Record<string, unknown> = {
    id: post.id,
    text: isLong ? cutOff(text, post.id) : text,
    [vocabulary.history]: versions,
  };
  if (fields.has('created_at')) shown.created_at = toWholeSecond(post.createdAtMs);
  if (fields.has('author_id')) shown.author_id = post.accountId;
  if (fields.has('attachments') && post.media.length > 0) {
    shown.attachments = { media_keys: post.media.map((media) => media.key) };
  }
  const entities = fields.has('entities') && urls.length > 0 ? { entities: { urls } } : {};
  if (isLong && (fields.has('note_tweet') || fields.has('note_post'))) shown[vocabulary.note] = { text, ...entities };
  else Object.assign(shown, entities);
  if (post.replyTo !== null && (fields.has('referenced_tweets') || expansions.has('referenced_posts'))) {
    shown[vocabulary.references] = [{ type: 'replied_to', id: post.replyTo }];
  }
  return shown;
}

/** What is longer stands whole in the note, and cut off in the text (reference: X, 1.4 and 1.7). */
const longTextWeight = 280;
const cutOffCharacters = 250;

function cutOff(text: string, postId: string): string {
  return `${[...text].slice(0, cutOffCharacters).join('')}… ${shortLink(postId, 98)}`;
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
