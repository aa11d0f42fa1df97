// The addresses under which a page shows pictures, however late its theme loads them.
import { attribute, type HtmlElement, isElement } from './tree.ts';

export interface PageImage {
  readonly alt: string | null;
  /** As they are written, the main one first; none where only a stand-in of the theme is there. */
  readonly addresses: readonly string[];
}

/** What themes write the real address into, the surest first; then `src` holds a stand-in until a script has run. */
const LAZY = ['data-src', 'data-lazy-src', 'data-original', 'data-orig-file', 'data-full-url'];
const LAZY_SETS = ['data-srcset', 'data-lazy-srcset'];

/** The picture that an element shows, if it shows one. */
export function imageOf(element: HtmlElement): PageImage[] {
  if (element.tagName === 'img') return [{ alt: attribute(element, 'alt'), addresses: addressesOf(element) }];
  if (element.tagName === 'source' && isInPicture(element)) return [{ alt: null, addresses: addressesOf(element) }];
  const poster = element.tagName === 'video' ? attribute(element, 'poster') : null;
  return poster === null ? [] : [{ alt: null, addresses: [poster] }];
}

function isInPicture({ parentNode }: HtmlElement): boolean {
  return parentNode !== null && isElement(parentNode) && parentNode.tagName === 'picture';
}

function addressesOf(element: HtmlElement): string[] {
  const lazy = LAZY.map((name) => attribute(element, name));
  const lazySets = LAZY_SETS.flatMap((name) => candidates(attribute(element, name) ?? ''));
  const late = [...lazy, ...lazySets].filter((address) => address !== null && address !== '');
  const own = [attribute(element, 'src'), ...candidates(attribute(element, 'srcset') ?? '')];
  const all = (late.length > 0 ? late : own).filter((address) => address !== null && address.trim() !== '');
  return [...new Set(all)].filter((address) => address !== null).filter((address) => !address.startsWith('data:'));
}

/** The addresses of a `srcset`: each up to a space, or to a comma before one (WHATWG HTML, 4.8.4.3.5). */
function candidates(srcset: string): string[] {
  return Array.from(
    srcset.matchAll(/[\s,]*([^\s,]\S*[^\s,]|[^\s,])(?:\s+[^,\s]+)*\s*(?:,|$)/g),
    ([, address]) => address ?? '',
  );
}
