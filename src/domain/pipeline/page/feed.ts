// The feed of a site as far as it tells of one post: which feed a page names, and the item of the post in it.
import { decodeXML } from 'entities';
import { attribute, elementsOf, HtmlTooDeep, parseHtml } from '../html/tree.ts';
import { type FeedPart, partsOf } from '../leakage/in-feed.ts';
import type { FetchedPage } from './fetched-page.ts';
import { isSameAddress } from './same-address.ts';
import type { PlannedPost } from './signals.ts';

/** What a look at the feed came to. `item`: the XML of the post's own item, or why there is none; neither says anything of the post. */
export interface FeedSeen {
  readonly url: string;
  readonly item: { readonly xml: string } | 'not_listed' | 'unread';
}

const FEED_TYPE = /^application\/(?:rss|atom)\+xml\s*(?:;|$)/i;

/** The first feed that the page names on its own site; null: none, or the page was not read. */
export function feedAddress({ html, url }: FetchedPage): string | null {
  const site = URL.parse(url)?.origin;
  for (const link of html === null ? [] : linksIn(html)) {
    const rel = (attribute(link, 'rel') ?? '').toLowerCase().split(/\s+/);
    if (!rel.includes('alternate') || !FEED_TYPE.test((attribute(link, 'type') ?? '').trim())) continue;
    const named = URL.parse((attribute(link, 'href') ?? '').trim(), url);
    if (named && named.origin === site) return named.href;
  }
  return null;
}

function linksIn(html: string) {
  try {
    return elementsOf(parseHtml(html), 'link');
  } catch (error) {
    if (error instanceof HtmlTooDeep) return [];
    throw error;
  }
}

const ITEM = /^<(?:[\w-]+:)?(?:item|entry)[\s>]/;
const ITEM_END = /^<\/(?:[\w-]+:)?(?:item|entry)\s*>/;

/** The XML of the first item (RSS) or entry (Atom) whose link or id is an address of the post; null: it lists none. */
export function itemOf(xml: string, feedUrl: string, { url, canonicalUrl = url }: PlannedPost): string | null {
  const isOfPost = (parts: readonly FeedPart[]) =>
    parts.some((part, index) => {
      const named = URL.parse(addressIn(part, parts[index - 1]) ?? '', feedUrl)?.href;
      return named !== undefined && (isSameAddress(url, named) || isSameAddress(canonicalUrl, named));
    });
  let item: FeedPart[] = [];
  for (const part of partsOf(xml)) {
    if (isTag(part, ITEM)) item = [part];
    else if (item.length > 0) item.push(part);
    if (!isTag(part, ITEM_END)) continue;
    if (isOfPost(item)) return xml.slice(item[0]?.at, part.at + part.text.length);
    item = [];
  }
  return null;
}

const isTag = ({ kind, text }: FeedPart, form: RegExp): boolean => kind === 'markup' && form.test(text);

/** What a `link`, a `guid` or an `id` says: its text, or in Atom the attribute of one that leads to the post itself. */
function addressIn(part: FeedPart, before: FeedPart | undefined): string | null {
  if (part.kind === 'content') {
    const named = before?.kind === 'markup' && /^<(?:link|guid|id)(?:\s[^>]*)?>$/.test(before.text);
    return named ? part.text.trim() : null;
  }
  if (!/^<link\s/.test(part.text)) return null;
  const rel = attributeOf(part.text, REL);
  return rel === null || rel === 'alternate' ? attributeOf(part.text, HREF) : null;
}

const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/;
const REL = /\srel\s*=\s*(?:"([^"]*)"|'([^']*)')/;

function attributeOf(tag: string, form: RegExp): string | null {
  const found = form.exec(tag);
  return found ? decodeXML(found[1] ?? found[2] ?? '') : null;
}
