// A page or a piece of one as browsers read it (WHATWG HTML), walked without recursion: a page may be nested at will.
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';

export type HtmlNode = DefaultTreeAdapterTypes.Node;
export type HtmlElement = DefaultTreeAdapterTypes.Element;
export type HtmlText = DefaultTreeAdapterTypes.TextNode;

/** A page whose elements are nested deeper than browsers go; reading it would take time without end. */
export class HtmlTooDeep extends Error {
  override readonly name = 'HtmlTooDeep';
}

/** Browsers stop at 512. */
const DEEPEST = 1_000;

/**
 * Parses a page, or a piece of one as the body of a page. What stands in `noscript` is read too.
 * @throws HtmlTooDeep
 */
export function parseHtml(html: string): HtmlNode {
  let depth = 0;
  const treeAdapter: typeof defaultTreeAdapter = {
    ...defaultTreeAdapter,
    onItemPush() {
      depth += 1;
      if (depth > DEEPEST) throw new HtmlTooDeep('its elements are nested too deep');
    },
    onItemPop() {
      depth -= 1;
    },
  };
  return parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false, treeAdapter });
}

export interface Step {
  readonly phase: 'enter' | 'leave';
  readonly node: HtmlNode;
}

/** Every node below `root` in the order of the page, entered and left. */
export function* walk(root: HtmlNode): Generator<Step> {
  const stack: Step[] = childrenOf(root).toReversed().map(entered);
  for (let step = stack.pop(); step; step = stack.pop()) {
    yield step;
    if (step.phase === 'leave') continue;
    stack.push({ phase: 'leave', node: step.node });
    for (const child of childrenOf(step.node).toReversed()) stack.push(entered(child));
  }
}

const entered = (node: HtmlNode): Step => ({ phase: 'enter', node });

function childrenOf(node: HtmlNode): readonly HtmlNode[] {
  if ('content' in node) return node.content.childNodes;
  return 'childNodes' in node ? node.childNodes : [];
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'tagName' in node;
}

export function isText(node: HtmlNode): node is HtmlText {
  return node.nodeName === '#text' && 'value' in node;
}

/** An attribute's value, decoded; null where there is none. */
export function attribute(element: HtmlElement, name: string): string | null {
  return element.attrs.find((one) => one.name === name)?.value ?? null;
}

/** Every element of these names, in the order of the page. */
export function elementsOf(root: HtmlNode, ...names: readonly string[]): HtmlElement[] {
  const found: HtmlElement[] = [];
  for (const { phase, node } of walk(root)) {
    if (phase === 'enter' && isElement(node) && names.includes(node.tagName)) found.push(node);
  }
  return found;
}
