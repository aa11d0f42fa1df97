// The pictures of a text: where it names them, and the same text with other addresses in their places.
import { parse, postprocess, preprocess } from 'micromark';
import { gfm } from 'micromark-extension-gfm';
import { isFileName } from '../artifact-names.ts';
import { imageOf } from '../html/images.ts';
import { elementsOf, parseHtml } from '../html/tree.ts';

/** An address in the source, in UTF-16 offsets. */
interface Named {
  readonly address: string;
  readonly start: number;
  readonly end: number;
}

const DESTINATIONS: ReadonlySet<string> = new Set(['resourceDestinationString', 'definitionDestinationString']);
const HTML: ReadonlySet<string> = new Set(['htmlFlow', 'htmlText']);
const ATTRIBUTE = /\b(?:src|href|poster)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

/** Every address that the Markdown names, in the order of the text; code names none. */
function addressesIn(markdown: string): Named[] {
  // The parser does not count a byte order mark.
  const before = markdown.startsWith('\uFEFF') ? 1 : 0;
  const events = postprocess(
    parse({ extensions: [gfm()] })
      .document()
      .write(preprocess()(markdown, undefined, true)),
  );
  const named: Named[] = [];
  for (const [phase, token] of events) {
    if (phase !== 'enter') continue;
    const [start, end] = [token.start.offset + before, token.end.offset + before];
    const source = markdown.slice(start, end);
    if (DESTINATIONS.has(token.type)) named.push({ address: source, start, end });
    if (HTML.has(token.type)) named.push(...attributesIn(source, start));
  }
  return named.toSorted((one, other) => one.start - other.start);
}

function attributesIn(html: string, from: number): Named[] {
  return Array.from(html.matchAll(ATTRIBUTE), ({ 0: whole, 1: double, 2: single, index }) => {
    const address = double ?? single ?? '';
    const end = from + index + whole.length - 1;
    return { address, start: end - address.length, end };
  });
}

/** `./flow.png` is `flow.png`. */
const plain = (address: string): string => address.replace(/^\.\//, '');

/** The same text with other addresses for some; every other character stays as it is. */
export function withAddresses(markdown: string, addresses: ReadonlyMap<string, string>): string {
  if (addresses.size === 0) return markdown;
  let text = '';
  let from = 0;
  for (const { address, start, end } of addressesIn(markdown)) {
    const other = addresses.get(plain(address));
    if (other === undefined || start < from) continue;
    text += markdown.slice(from, start) + other;
    from = end;
  }
  return text + markdown.slice(from);
}

/** The addresses that the text names anywhere: in pictures, links and HTML. */
export function namedAddresses(markdown: string): ReadonlySet<string> {
  return new Set(addressesIn(markdown).map(({ address }) => plain(address)));
}

const isPictureFile = (address: string): boolean => isFileName(address) && /\.[a-z0-9]{2,5}$/i.test(address);

/** Of the pictures that the rendered text shows, those that are named like a file and lie at no address of the web. */
export function shownFiles(html: string): readonly string[] {
  const addresses = elementsOf(parseHtml(html), 'img').flatMap((element) =>
    imageOf(element).flatMap((image) => image.addresses),
  );
  return [...new Set(addresses.map(plain).filter(isPictureFile))];
}
