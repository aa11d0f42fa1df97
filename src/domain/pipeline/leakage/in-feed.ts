// The leakage gate for a feed (RSS, Atom): its elements hold text or whole pieces of HTML, escaped or in CDATA.
import { decodeXML } from 'entities';
import { positionsIn } from '../markers/position.ts';
import { markerName, markerPrefix } from './disguises.ts';
import { type LeakOptions, leaksInHtml } from './in-html.ts';
import { type Leak, leak } from './leak.ts';
import { isPlaceholderAddress } from './placeholders.ts';

const CDATA = '<![CDATA[';
const PART = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<[?!/]?[^<>]*>|[^<]+|</g;

/** Everything in a feed that must not go out, with its place in the XML. @throws HtmlTooDeep */
export function leaksInFeed(xml: string, options: LeakOptions = {}): Leak[] {
  const position = positionsIn(xml);
  return partsOf(xml).flatMap(({ kind, text, at }) => {
    const leaks = kind === 'content' ? leaksInHtml(text, options) : leaksInMarkup(text, options);
    return leaks.map((found) => ({ ...found, line: position(at).line, column: position(at).column }));
  });
}

export interface FeedPart {
  /** `content`: what an element holds up to the next tag, decoded: text, or HTML. */
  readonly kind: 'content' | 'markup';
  readonly text: string;
  /** Its offset in the XML. */
  readonly at: number;
}

/** A feed as its tags and what stands between them, without what is blank. */
export function partsOf(xml: string): FeedPart[] {
  const parts: FeedPart[] = [];
  for (const { 0: part, index: at } of xml.matchAll(PART)) {
    const kind = part.startsWith('<') && !part.startsWith(CDATA) && part !== '<' ? 'markup' : 'content';
    const before = parts.at(-1);
    if (kind === 'markup') parts.push({ kind, text: part, at });
    else if (before?.kind === 'content') parts[parts.length - 1] = { ...before, text: before.text + decoded(part) };
    else parts.push({ kind, text: decoded(part), at });
  }
  return parts.filter(({ text }) => text.trim() !== '');
}

function decoded(part: string): string {
  return part.startsWith(CDATA) ? part.slice(CDATA.length).replace(/\]\]>$/, '') : decodeXML(part);
}

function leaksInMarkup(text: string, options: LeakOptions): Leak[] {
  if (!text.startsWith('<!--')) return leaksInTag(text, options);
  return markerPrefix().test(text) ? [leak('marker', 'comment', text, null)] : [];
}

/** `enclosure`, `media:content` and `media:thumbnail` name a picture by `url`. */
function leaksInTag(tag: string, { placeholders = new Set() }: LeakOptions): Leak[] {
  const values = Array.from(tag.matchAll(/([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, name, double, single]) => ({
    name,
    value: decodeXML(double ?? single ?? ''),
  }));
  return [
    ...(markerName().test(tag) ? [leak('marker', 'attribute', tag, null)] : []),
    ...values
      .filter(({ name, value }) => name === 'url' && isPlaceholderAddress(value, placeholders))
      .map(({ value }) => leak('placeholder', 'image', value, null)),
  ];
}
