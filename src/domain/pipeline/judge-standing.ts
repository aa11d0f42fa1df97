// What it means for a run that pages stand under its slug already (DESIGN section 8: local records never outrank the world).

/** A page under the slug, or one that was made from it because it was taken. */
export interface StandingFacts {
  readonly id: string;
  readonly slug: string;
  readonly status: 'published' | 'draft';
  readonly zones: readonly string[];
  readonly url: string | null;
  /** It carries our mark: a call of this post's made it. */
  readonly marked: boolean;
  /** How its content differs from what was planned; empty: it agrees. Null: its content could not be compared. */
  readonly differences: readonly ContentDifference[] | null;
}

export interface ContentDifference {
  readonly what: string;
  readonly planned: string;
  readonly seen: string;
}

/**
 * - `nothing`: it may be published
 * - `ours`: it is live as planned; nothing is created
 * - `other`: something else stands there; a person decides
 * - `unclear`: what stands there could not be compared; asked again
 */
export type Judgement<Page extends StandingFacts = StandingFacts> =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ours'; readonly page: Page }
  | {
      readonly kind: 'other';
      readonly page: Page;
      readonly why: string;
      readonly differences: readonly ContentDifference[];
    }
  | { readonly kind: 'unclear'; readonly why: string };

/** `zone` empty: the pipeline has none to compare. Drafts of our own are the way to a publish, not in its way. */
export function judgeStanding<Page extends StandingFacts>(
  pages: readonly Page[],
  planned: { readonly slug: string; readonly zone: string },
): Judgement<Page> {
  const inTheWay = pages.filter(({ status, marked }) => !(status === 'draft' && marked));
  const exact = inTheWay.find(({ slug }) => slug === planned.slug);
  const page = exact ?? inTheWay.find(({ marked }) => marked);
  if (!page) return { kind: 'nothing' };
  const other = (why: string) => ({ kind: 'other', page, why, differences: page.differences ?? [] }) as const;
  if (page.status === 'draft') return other('It stands there as a draft that Oncepost did not make');
  if (page.slug !== planned.slug) return other(`It is live under another slug, ${page.slug}`);
  if (planned.zone !== '' && page.zones.length > 0 && !page.zones.includes(planned.zone)) {
    return other(`It is live in another zone, ${page.zones.join(', ')}`);
  }
  if (page.differences === null)
    return { kind: 'unclear', why: 'the page stands there, and its content could not be compared' };
  return page.differences.length === 0 ? { kind: 'ours', page } : other('Another content is live there');
}
