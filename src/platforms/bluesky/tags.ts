// Hashtags and cashtags in a text, by the rules of Bluesky's own apps.
import { graphemes, utf8Bytes } from './text.ts';

/** Invisible characters end a hashtag where a reader sees it end. */
const UNSEEN = '\\u00AD\\u2060\\u200A\\u200B\\u200C\\u200D\\u20e2';
/** TAG_REGEX of @atproto/api: digits and marks alone are no hashtag, nor is the keycap emoji. */
const TAG = new RegExp(`(?<=^|\\s)[#＃]((?!\\ufe0f)[^\\s${UNSEEN}]*[^\\d\\s\\p{P}${UNSEEN}]+[^\\s${UNSEEN}]*)`, 'gu');
/** CASHTAG_REGEX of @atproto/api. */
const CASHTAG = /(?<=^|[\s(])\$([A-Za-z][A-Za-z0-9]{0,4})(?=\s|$|[.,;:!?)"'\u2019])/gu;

/** app.bsky.richtext.facet#tag; the apps count graphemes alone, and a record over the bytes is refused as a whole. */
const LIMIT = { graphemes: 64, bytes: 640 };

export interface Tag {
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
  readonly written: string;
  /** Without its `#`; a cashtag with its `$`, in capitals. */
  readonly tag: string;
}

/** The hashtags and cashtags of a text, in order of each kind. */
export function tagsIn(text: string): Tag[] {
  const hashtags = [...text.matchAll(TAG)].flatMap(({ index, 0: whole }) => {
    const written = whole.replace(/\p{P}+$/u, '');
    const tag = written.slice(1);
    const fits = tag !== '' && graphemes(tag) <= LIMIT.graphemes && utf8Bytes(tag) <= LIMIT.bytes;
    return fits ? [{ at: index, written, tag }] : [];
  });
  const cashtags = [...text.matchAll(CASHTAG)].map(({ index, 0: written }) => ({
    ...{ at: index, written },
    tag: written.toUpperCase(),
  }));
  return [...hashtags, ...cashtags];
}
