// The text of a page, block by block, in its order: headings, and everything else that stands as a line or paragraph of its own.

import { imageOf, type PageImage } from '../html/images.ts';
import { attribute, type HtmlElement, type HtmlNode, isElement, isText, walk } from '../html/tree.ts';
import { normalText } from './normal-text.ts';

export interface Block {
  readonly kind: 'heading' | 'text';
  /** As readers see it, its spaces made single. */
  readonly text: string;
  /** As it is compared; never empty. */
  readonly normal: string;
}

export interface Blocks {
  readonly blocks: readonly Block[];
  /** Each picture, and how many blocks stand before it. */
  readonly images: readonly (PageImage & { readonly after: number })[];
}

const HEADING = /^h[1-6]$/;
/** What parts one text from another. Everything else stands in the line. */
const PARTING = new Set(
  (
    'address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption figure ' +
    'footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section select summary ' +
    'table tbody td tfoot th thead tr ul'
  ).split(' '),
);
const UNREAD = new Set(['head', 'script', 'style', 'template', 'noscript', 'textarea', 'svg', 'iframe', 'object']);

/** What themes put into a text for screen readers alone, or to link to it. */
const ASIDE =
  /(?:^|\s)(?:sr-only|screen-reader-text|visually-hidden|headerlink|header-anchor|heading-anchor|anchor)(?:\s|$)/;

function isUnread(element: HtmlElement): boolean {
  return (
    UNREAD.has(element.tagName) ||
    attribute(element, 'hidden') !== null ||
    attribute(element, 'aria-hidden') === 'true' ||
    ASIDE.test(attribute(element, 'class') ?? '')
  );
}

/** Reads the blocks below `root`. Pictures in `noscript` count, its text does not: it says again what a script shows. */
export function blocksOf(root: HtmlNode): Blocks {
  const reader = new Reader();
  for (const { phase, node } of walk(root)) {
    if (isElement(node)) reader.element(phase, node);
    else if (phase === 'enter' && isText(node)) reader.text(node.value);
  }
  return reader.end();
}

class Reader {
  readonly #blocks: Block[] = [];
  readonly #images: (PageImage & { after: number })[] = [];
  #text = '';
  #headings = 0;
  #unread = 0;
  /** Inside these lines are one block, whatever marks them up. */
  #pre = 0;

  element(phase: 'enter' | 'leave', element: HtmlElement): void {
    const step = phase === 'enter' ? 1 : -1;
    const { tagName } = element;
    if (tagName === 'br') this.text(' ');
    if (PARTING.has(tagName) && (this.#pre === 0 || tagName === 'pre')) this.#part();
    if (HEADING.test(tagName) || attribute(element, 'role') === 'heading') this.#headings += step;
    if (tagName === 'pre') this.#pre += step;
    if (isUnread(element)) this.#unread += step;
    if (phase === 'enter') {
      for (const image of imageOf(element)) this.#images.push({ ...image, after: this.#blocks.length });
    }
  }

  text(value: string): void {
    if (this.#unread === 0) this.#text += value;
  }

  end(): Blocks {
    this.#part();
    return { blocks: this.#blocks, images: this.#images };
  }

  #part(): void {
    const text = this.#text.replace(/\s+/g, ' ').trim();
    const normal = normalText(text);
    if (normal !== '') this.#blocks.push({ kind: this.#headings > 0 ? 'heading' : 'text', text, normal });
    this.#text = '';
  }
}
