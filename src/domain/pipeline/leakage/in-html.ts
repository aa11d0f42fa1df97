// The leakage gate for a rendered page: comments, what readers see, attributes, alternative texts, images, JSON-LD, scripts.
import { imageOf } from '../html/images.ts';
import { attribute, type HtmlElement, type HtmlNode, isElement, isText, parseHtml, walk } from '../html/tree.ts';
import { markerName, markerPrefix } from './disguises.ts';
import { type Leak, type LeakPlace, leak } from './leak.ts';
import { isPlaceholderAddress, isPlaceholderAlt, placeholderInText } from './placeholders.ts';

export interface LeakOptions {
  /** Addresses of assets that do not count as made. */
  readonly placeholders?: ReadonlySet<string>;
}

/** What is shown as code is meant to be read. */
const CODE = new Set(['code', 'pre', 'kbd', 'samp']);
const UNSEEN = new Set(['script', 'style']);
/** Between these a name that is cut by tags is one to whoever reads. */
const INLINE = new Set([
  'a',
  'b',
  'i',
  'em',
  'strong',
  'span',
  'wbr',
  'u',
  's',
  'mark',
  'small',
  'abbr',
  'sub',
  'sup',
  'font',
]);

/** Everything in a page, or a piece of one, that must not go out. @throws HtmlTooDeep */
export function leaksInHtml(html: string, { placeholders = new Set() }: LeakOptions = {}): Leak[] {
  return new Gate(placeholders).read(parseHtml(html));
}

class Gate {
  readonly #known: ReadonlySet<string>;
  readonly #leaks: Leak[] = [];
  #code = 0;
  #unseen: HtmlElement | null = null;
  /** What readers see since the last tag that parts words. */
  #run = '';
  #runAt: HtmlNode | null = null;

  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  read(root: HtmlNode): Leak[] {
    for (const { phase, node } of walk(root)) {
      if (isElement(node)) this.#element(phase, node);
      else if (phase === 'enter') this.#other(node);
    }
    this.#endRun();
    return this.#leaks;
  }

  #element(phase: 'enter' | 'leave', element: HtmlElement): void {
    if (!INLINE.has(element.tagName)) this.#endRun();
    const step = phase === 'enter' ? 1 : -1;
    if (CODE.has(element.tagName)) this.#code += step;
    if (UNSEEN.has(element.tagName)) this.#unseen = phase === 'enter' ? element : null;
    if (phase === 'enter') this.#attributes(element);
  }

  #attributes(element: HtmlElement): void {
    for (const { name, value } of element.attrs) {
      if (markerName().test(value) || markerName().test(name)) {
        this.#found('marker', name === 'alt' ? 'alt_text' : 'attribute', value, element);
      }
    }
    for (const { addresses, alt } of imageOf(element)) {
      const held = addresses.find((address) => isPlaceholderAddress(address, this.#known));
      if (held !== undefined) this.#found('placeholder', 'image', held, element);
      if (alt !== null && isPlaceholderAlt(alt)) this.#found('placeholder', 'alt_text', alt, element);
    }
    if (element.tagName === 'meta') this.#meta(element);
  }

  /** The picture that is shown where a page is shared. */
  #meta(element: HtmlElement): void {
    const named = attribute(element, 'property') ?? attribute(element, 'name') ?? '';
    const content = attribute(element, 'content') ?? '';
    if (/^(?:og|twitter):image(?::url|:src)?$/.test(named) && isPlaceholderAddress(content, this.#known)) {
      this.#found('placeholder', 'attribute', content, element);
    }
  }

  #other(node: HtmlNode): void {
    if (node.nodeName === '#comment' && 'data' in node && markerPrefix().test(node.data)) {
      this.#found('marker', 'comment', node.data, node);
    }
    if (!isText(node)) return;
    if (this.#unseen) this.#data(this.#unseen, node.value, node);
    else if (this.#code === 0) {
      this.#run += node.value;
      this.#runAt ??= node;
    }
  }

  #endRun(): void {
    const found = markerName().exec(this.#run);
    if (found && this.#runAt) this.#found('marker', 'visible_text', this.#run.slice(found.index), this.#runAt);
    const held = placeholderInText(this.#run);
    if (held !== null && this.#runAt) this.#found('placeholder', 'visible_text', held, this.#runAt);
    this.#run = '';
    this.#runAt = null;
  }

  #data(element: HtmlElement, text: string, node: HtmlNode): void {
    const isJsonLd = (attribute(element, 'type') ?? '').trim().toLowerCase() === 'application/ld+json';
    const place: LeakPlace = isJsonLd ? 'json_ld' : 'script';
    const strings = isJsonLd ? stringsIn(text) : [text];
    const marked = strings.find((one) => markerName().test(one));
    if (marked !== undefined)
      this.#found('marker', place, marked.slice(Math.max(0, marked.search(markerName()) - 5)), node);
    const held = isJsonLd ? strings.find((one) => isPlaceholder(one, this.#known)) : undefined;
    if (held !== undefined) this.#found('placeholder', place, held, node);
  }

  #found(kind: Leak['kind'], place: LeakPlace, found: string, node: HtmlNode): void {
    const at = 'sourceCodeLocation' in node ? node.sourceCodeLocation : null;
    this.#leaks.push(leak(kind, place, found, at ? { line: at.startLine, column: at.startCol } : null));
  }
}

/** In data any text may be an address; a sentence is none. */
function isPlaceholder(text: string, known: ReadonlySet<string>): boolean {
  return isPlaceholderAlt(text) || (!/\s/.test(text) && /[/:]/.test(text) && isPlaceholderAddress(text, known));
}

/** Every text and key of a JSON document; the whole of it where it is none. */
function stringsIn(json: string): string[] {
  let waiting: unknown[];
  try {
    waiting = [JSON.parse(json)];
  } catch {
    return [json];
  }
  const strings: string[] = [];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'string') strings.push(value);
    else if (typeof value === 'object' && value !== null) waiting.push(...Object.keys(value), ...Object.values(value));
  }
  return strings;
}
