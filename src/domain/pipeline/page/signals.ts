// The signals by which a post is known on a page: its title, its headings, its text and its canonical address. They are read
// from what was planned, from a page as visitors get it, and from a post as a blog's API gives it.
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { PageImage } from '../html/images.ts';
import { attribute, elementsOf, type HtmlNode, isText, parseHtml, walk } from '../html/tree.ts';
import { type Block, blocksOf } from './blocks.ts';
import { normalText } from './normal-text.ts';

/** SHA-256 of a text, in lower-case hex. */
export type Digest = (text: string) => string;

/** A post as it is to be published. */
export interface PlannedPost {
  readonly title: string;
  readonly body: string;
  readonly format: 'markdown' | 'html';
  /** Where it is to stand: host, zone and slug, as a whole address. */
  readonly url: string;
  /** Only where the canonical address is to be another. */
  readonly canonicalUrl?: string | undefined;
}

export interface PlannedContent {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** The texts of the headings, in order. */
  readonly headings: readonly string[];
  /** Over the normalised text of the whole body. */
  readonly bodyDigest: string;
  readonly canonicalUrl: string;
  readonly images: readonly PageImage[];
}

export interface SeenContent {
  /** `page`: with whatever its theme puts around the article. `body`: the article alone. */
  readonly extent: 'page' | 'body';
  /** Every text that may be its title: of the document, of its headings, for sharing. */
  readonly titles: readonly string[];
  readonly blocks: readonly Block[];
  readonly headings: readonly string[];
  /** Over the normalised text of all that was read. */
  readonly bodyDigest: string;
  /** The canonical links it names; more than one is a fault of the page. */
  readonly canonicalUrls: readonly string[];
  readonly images: readonly (PageImage & { readonly after: number })[];
}

/** Reads the planned post. @throws HtmlTooDeep */
export function readPlanned(post: PlannedPost, digest: Digest): PlannedContent {
  const { blocks, images } = blocksOf(parseHtml(post.format === 'html' ? post.body : rendered(post.body)));
  return {
    title: post.title,
    blocks,
    headings: headingsOf(blocks),
    bodyDigest: digestOf(blocks, digest),
    canonicalUrl: post.canonicalUrl ?? post.url,
    images,
  };
}

/** Reads a page as a visitor got it. `url`: where it was found, for canonical links that are relative. @throws HtmlTooDeep */
export function readPage(html: string, url: string, digest: Digest): SeenContent {
  const root = parseHtml(html);
  const { blocks, images } = blocksOf(root);
  const canonicalUrls = elementsOf(root, 'link')
    .filter((link) => (attribute(link, 'rel') ?? '').toLowerCase().split(/\s+/).includes('canonical'))
    .map((link) => URL.parse((attribute(link, 'href') ?? '').trim(), url)?.href ?? attribute(link, 'href') ?? '');
  return {
    extent: 'page',
    titles: [...titlesIn(root), ...headingsOf(blocks)],
    blocks,
    headings: headingsOf(blocks),
    bodyDigest: digestOf(blocks, digest),
    canonicalUrls: [...new Set(canonicalUrls)],
    images,
  };
}

/** A page as a blog's API tells of it. */
export interface StandingContent {
  readonly title: string;
  /** Null where the blog does not tell: nothing can be said of its text then. */
  readonly html: string | null;
  readonly url: string | null;
  readonly canonicalUrl: string | null;
}

/** Reads a post of a blog's API; null where the blog does not tell its text. @throws HtmlTooDeep */
export function readStanding(page: StandingContent, digest: Digest): SeenContent | null {
  if (page.html === null) return null;
  const { blocks, images } = blocksOf(parseHtml(page.html));
  const canonical = page.canonicalUrl ?? page.url;
  return {
    extent: 'body',
    titles: [page.title, decoded(page.title)],
    blocks,
    headings: headingsOf(blocks),
    bodyDigest: digestOf(blocks, digest),
    canonicalUrls: canonical === null ? [] : [canonical],
    images,
  };
}

function rendered(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

/** Some blogs' APIs give titles as HTML. */
function decoded(title: string): string {
  return blocksOf(parseHtml(title))
    .blocks.map(({ text }) => text)
    .join(' ');
}

function titlesIn(root: HtmlNode): string[] {
  const titles = elementsOf(root, 'title').map((title) => {
    const texts = [...walk(title)].map(({ phase, node }) => (phase === 'enter' && isText(node) ? node.value : ''));
    return texts.join('').trim();
  });
  const shared = elementsOf(root, 'meta')
    .filter((meta) => /^(?:og|twitter):title$/.test(attribute(meta, 'property') ?? attribute(meta, 'name') ?? ''))
    .map((meta) => attribute(meta, 'content') ?? '');
  return [...titles, ...shared].filter((title) => title !== '');
}

const headingsOf = (blocks: readonly Block[]): string[] =>
  blocks.filter(({ kind }) => kind === 'heading').map(({ text }) => text);

function digestOf(blocks: readonly Block[], digest: Digest): string {
  return digest(blocks.map(({ normal }) => normal).join(''));
}

/** Whether one of the titles is the planned one; the document's own may carry the site's name beside it. */
export function hasTitle(planned: string, titles: readonly string[]): boolean {
  const wanted = normalText(planned);
  return titles.some((title) => {
    const seen = normalText(title);
    return seen === wanted || (wanted !== '' && (seen.startsWith(wanted) || seen.endsWith(wanted)));
  });
}
