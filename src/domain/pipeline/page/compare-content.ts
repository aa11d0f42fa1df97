// Whether what is seen is the planned post. On a page its headings and paragraphs must be there, in their order; what the
// theme puts between and around does not matter. In a blog's own answer the text must be the same, whole.
import type { Block } from './blocks.ts';
import { findInOrder } from './find-in-order.ts';
import { isSameAddress } from './same-address.ts';
import { hasTitle, type PlannedContent, type SeenContent, type StandingContent } from './signals.ts';

export const SIGNALS = {
  title: 'the title',
  heading: 'a heading',
  text: 'a paragraph',
  body_digest: 'the text as a whole',
  canonical_url: 'the canonical address',
} as const;
export type Signal = keyof typeof SIGNALS;

/** One thing that is not as planned, side by side; `seen` is null where nothing like it was there. */
export interface Difference {
  readonly signal: Signal;
  readonly planned: string;
  readonly seen: string | null;
}

/** Beyond these a person needs no more to see that it is another text. */
const SHOWN = 20;
const SHOWN_CHARS = 200;

export function compareTitle({ title }: PlannedContent, { titles }: SeenContent): Difference[] {
  if (hasTitle(title, titles)) return [];
  return [{ signal: 'title', planned: title, seen: titles[0] ?? null }];
}

/** Whether it names another page as the one to be found; one that names none is its own. */
export function compareCanonical(
  { canonicalUrl: planned }: Pick<PlannedContent, 'canonicalUrl'>,
  { canonicalUrl: seen }: Pick<StandingContent, 'canonicalUrl'>,
): Difference[] {
  return seen === null || isSameAddress(planned, seen) ? [] : [{ signal: 'canonical_url', planned, seen }];
}

/** Titles and canonical links aside. */
export function compareBody(planned: PlannedContent, seen: SeenContent): Difference[] {
  if (seen.extent === 'body' && seen.bodyDigest === planned.bodyDigest) return [];
  const { missing } = findInOrder(planned.blocks, seen.blocks);
  const differences = missing.map(({ kind, text }, index) => ({
    signal: kind,
    planned: cut(text),
    // Each further likeness costs another look at the whole page.
    seen: index < SHOWN ? nearest(text, seen.blocks) : null,
  }));
  const whole: Difference = { signal: 'body_digest', planned: planned.bodyDigest, seen: seen.bodyDigest };
  return [...differences.slice(0, SHOWN), ...(seen.extent === 'body' ? [whole] : [])];
}

/** The block that shares most of its words, where that is more than half of them. */
function nearest(text: string, seen: readonly Block[]): string | null {
  const wanted = new Set(wordsOf(text));
  let best: { readonly text: string; readonly share: number } = { text: '', share: 0.5 };
  for (const block of seen) {
    const words = new Set(wordsOf(block.text));
    const common = [...wanted].filter((word) => words.has(word)).length;
    const share = (2 * common) / (wanted.size + words.size);
    if (share > best.share) best = { text: block.text, share };
  }
  return best.text === '' ? null : cut(best.text);
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

const cut = (text: string): string =>
  text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS).toWellFormed()}…` : text;
