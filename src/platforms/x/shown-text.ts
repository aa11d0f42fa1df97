// The text of a post as X gives it back, read as its author wrote it: three signs unescaped, links expanded, the link to
// the post's own media gone. Pure.
import { likeness } from '../../domain/reconcile/likeness.ts';
import type { ShownLink, TimelinePost } from './timeline-wire.ts';

/**
 * What a post's text has in common with ours.
 * - `exact`: ours, after what X documents; `explained` are the media that links of its author's brought along
 * - `alike`: the same but for what X may have rewritten: it may be ours (law 4)
 */
export type TextMatch =
  | { readonly kind: 'exact'; readonly explained: readonly string[] }
  | { readonly kind: 'alike' | 'different' };

const DIFFERENT: TextMatch = { kind: 'different' };
const ALIKE: TextMatch = { kind: 'alike' };

const SHORT_LINK = /https?:\/\/t\.co\/\w+/gi;
const LINK_AT_END = /(https?:\/\/t\.co\/\w+)\s*$/i;

/** Compares a post's text with ours; in a reply, the mentions at the beginning are X's. */
export function matchText(post: TimelinePost, ours: string, isReply: boolean): TextMatch {
  // Nothing can be said of a post whose text X does not show.
  if (post.text === undefined) return ALIKE;
  const wanted = comparable(ours, isReply);
  const whole = unescaped(post.text);
  const [, atEnd] = LINK_AT_END.exec(whole) ?? [];
  const last = post.links.find(({ url }) => url === atEnd);
  const shorn = whole.replace(LINK_AT_END, '');
  if (wanted === '') return isWordless(post, atEnd === undefined ? whole : shorn, isReply) ? ALIKE : DIFFERENT;
  const asWritten = expanded(whole, post.links);
  const told = atEnd === undefined || last !== undefined;
  if (told && comparable(asWritten, isReply) === wanted) return { kind: 'exact', explained: mediaOf(post.links) };
  const isSame = comparable(expanded(shorn, post.links), isReply) === wanted;
  if (isSame && last && isOwnMedium(last, post)) return { kind: 'exact', explained: [] };
  return isSame || alike(ours, asWritten, isReply) ? ALIKE : DIFFERENT;
}

function alike(ours: string, theirs: string, isReply: boolean): boolean {
  return likeness(withoutMentions(ours, isReply), withoutMentions(theirs, isReply)) === 'alike';
}

/** Nothing but media stands there: with no word of ours to compare, such a post may be ours. */
function isWordless(post: TimelinePost, text: string, isReply: boolean): boolean {
  const showsSomething = post.mediaKeys.length > 0 || text !== post.text;
  return showsSomething && comparable(text, isReply) === '';
}

/** The link that X puts behind the text of a post with media. Any other is its author's, whoever's media it leads to. */
function isOwnMedium({ expandedUrl = '', mediaKey }: ShownLink, { mediaKeys, versions }: TimelinePost): boolean {
  const [, statusId = ''] = /\/status\/(\d+)(?:[/?#]|$)/.exec(expandedUrl) ?? [];
  return versions.includes(statusId) || (mediaKey !== undefined && mediaKeys.includes(mediaKey));
}

function mediaOf(links: readonly ShownLink[]): string[] {
  return links.flatMap(({ mediaKey }) => mediaKey ?? []);
}

const ESCAPED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

/** X documents three escapes; any other is a likeness only. */
function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_escape, name: string) => ESCAPED[name] ?? '');
}

function expanded(text: string, links: readonly ShownLink[]): string {
  const byUrl = new Map(links.flatMap(({ url, expandedUrl }) => (expandedUrl ? [[url, expandedUrl] as const] : [])));
  return text.replace(SHORT_LINK, (url) => byUrl.get(url) ?? url);
}

/** X puts `http://` before bare domains and a slash behind a host, and trims; none of it tells two posts apart. */
function comparable(text: string, isReply: boolean): string {
  const plain = text
    .normalize('NFC')
    .replace(/((?:https?:\/\/)[^\s/?#]+)\/(?=\s|$)/gi, '$1')
    .replace(/http:\/\//gi, '')
    .replace(/[ \t\r\n]+/g, ' ')
    .trim();
  return withoutMentions(plain, isReply);
}

function withoutMentions(text: string, isReply: boolean): string {
  return isReply ? text.trimStart().replace(/^(?:@\w+(?:\s+|$))+/, '') : text;
}
