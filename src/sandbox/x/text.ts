// What X does to a text: weighs it, rewrites its links to t.co, escapes three characters. Matching must undo all of it.
import { createHash } from 'node:crypto';

/** A link in a returned text; positions count code points of that text. */
export type UrlEntity = {
  start: number;
  end: number;
  url: string;
  expanded_url: string;
  display_url: string;
  media_key?: string;
};

/** A text as X returns it. */
export type WireText = { text: string; urls: UrlEntity[] };

const link =
  /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'’”]|(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|io|dev|app|ai|co|me|tv|info|news|blog|xyz|eu|uk|de|fr|jp)(?![\w.-]*\w)(?:\/[^\s<>"]*[^\s<>".,;:!?)\]}'’”])?/giu;
const shortLinkWeight = 23;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The weight of a text: links 23, emoji and most non-Latin characters 2, the rest 1. */
export function weightOf(text: string): number {
  let weight = 0;
  const withoutLinks = text.normalize('NFC').replace(link, () => {
    weight += shortLinkWeight;
    return '';
  });
  for (const { segment } of graphemes.segment(withoutLinks)) {
    if (/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(segment)) weight += 2;
    else for (const character of segment) weight += isLight(character.codePointAt(0) ?? 0) ? 1 : 2;
  }
  return weight;
}

/** The ranges twitter-text weighs as one. */
function isLight(codePoint: number): boolean {
  return (
    codePoint <= 4351 ||
    (codePoint >= 8192 && codePoint <= 8205) ||
    (codePoint >= 8208 && codePoint <= 8223) ||
    (codePoint >= 8242 && codePoint <= 8247)
  );
}

/** The text as X gives it back; a post with media ends with one more t.co link, to the media itself. */
export function wireTextOf(post: {
  id: string;
  text: string;
  mediaUrl: string | null;
  mediaKey: string | null;
}): WireText {
  const urls: UrlEntity[] = [];
  let text = '';
  let copied = 0;
  const append = (expanded: string, shown: string, mediaKey: string | null) => {
    const url = shortLink(post.id, urls.length);
    const start = [...text].length;
    text += url;
    const entity = { start, end: start + url.length, url, expanded_url: expanded, display_url: shown };
    urls.push(mediaKey === null ? entity : { ...entity, media_key: mediaKey });
  };
  const source = post.text.normalize('NFC');
  for (const match of source.matchAll(link)) {
    text += escapeText(source.slice(copied, match.index));
    // X links a bare domain too, and expands it to an http address its author never wrote.
    append(/^https?:/i.test(match[0]) ? match[0] : `http://${match[0]}`, displayed(match[0]), null);
    copied = match.index + match[0].length;
  }
  text += escapeText(source.slice(copied));
  if (post.mediaUrl !== null) {
    if (text !== '') text += ' ';
    append(post.mediaUrl, `pic.x.com/${shortLink(post.id, 99).slice(-10)}`, post.mediaKey);
  }
  return { text, urls };
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function displayed(url: string): string {
  const bare = url.replace(/^https?:\/\/(www\.)?/i, '');
  return bare.length > 27 ? `${bare.slice(0, 26)}…` : bare;
}

function shortLink(postId: string, index: number): string {
  const digest = createHash('sha256').update(`${postId}/${index}`).digest('base64');
  return `https://t.co/${digest
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 10)
    .padEnd(10, 'a')}`;
}
