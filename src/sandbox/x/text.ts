// What X does to a text: weighs it, rewrites its links to t.co, escapes three characters. Matching must undo all of it.
import { createHash } from 'node:crypto';
import twitter from 'twitter-text';

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

/** The weight of a text as X's own library counts it, which X's documentation names (reference: X, 1.4 and 1.7). */
export function weightOf(text: string): number {
  return twitter.parseTweet(text).weightedLength;
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
  // X links a bare domain too, and expands it to an http address its author never wrote.
  for (const { url, indices } of twitter.extractUrlsWithIndices(source, { extractUrlsWithoutProtocol: true })) {
    text += escapeText(source.slice(copied, indices[0]));
    append(/^https?:/i.test(url) ? url : `http://${url}`, displayed(url), null);
    copied = indices[1];
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

/** A link of X's own making; the same for the same place in a post. */
export function shortLink(postId: string, index: number): string {
  const digest = createHash('sha256').update(`${postId}/${index}`).digest('base64');
  return `https://t.co/${digest
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 10)
    .padEnd(10, 'a')}`;
}
