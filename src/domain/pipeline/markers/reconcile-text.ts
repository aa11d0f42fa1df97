// `text_reconciliation`: brings the text into line with what was made of its assets. Every unit outside markers and the
// spans that go is the same before and after, in the same order.
import type { AssetPlan } from '../visuals/asset-plan.ts';
import { NOT_MADE_REASONS, type NotMadeReason, notMadeReasons } from '../visuals/made.ts';
import type { VisualManifest } from '../visuals/visual-manifest.ts';
import { checkPlan } from './check-plan.ts';
import type { MarkedSpan } from './marker.ts';
import { type Position, positionsIn } from './position.ts';
import { type MarkerProblem, markerProblem } from './problems.ts';
import { readMarkers } from './read-markers.ts';

/** An asset that was planned and does not count as made. */
export interface UnmadeAsset {
  readonly id: string;
  /** Where its declaration stands. */
  readonly at: Position;
  readonly reasons: readonly NotMadeReason[];
  /** What is missing and what to do, for people. */
  readonly sentence: string;
}

/** A stretch that was taken out, in UTF-16 offsets of the text before. */
export interface Removed {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/**
 * - `reconciled`: the text as it may go on, without a marker. `kept`: the ids of the assets that were made
 * - `blocked`: nothing was changed. `problems` are to be put right in the text or the plan; each of `unmade` is required
 */
export type ReconciledText =
  | {
      readonly kind: 'reconciled';
      readonly text: string;
      readonly kept: readonly string[];
      readonly removed: readonly Removed[];
    }
  | { readonly kind: 'blocked'; readonly problems: readonly MarkerProblem[]; readonly unmade: readonly UnmadeAsset[] };

export interface AssetFacts {
  readonly plan: AssetPlan;
  readonly manifest: VisualManifest;
}

/** `source`: the draft as decoded from UTF-8, its byte order mark included. */
export function reconcileText(source: string, { plan, manifest }: AssetFacts): ReconciledText {
  const { spans, problems } = readMarkers(source);
  const wrong = problems.length > 0 ? problems : checkPlan(spans, plan);
  if (wrong.length > 0) return { kind: 'blocked', problems: wrong, unmade: [] };
  const visuals = new Map(manifest.visuals.map((visual) => [visual.id, visual]));
  const declared = spans.filter(({ declares }) => declares !== null);
  const reasons = new Map(declared.map(({ id }) => [id, notMadeReasons(visuals.get(id))]));
  const isMade = (id: string) => reasons.get(id)?.length === 0;
  const unmade = declared.filter(({ id, declares }) => declares?.required && !isMade(id));
  if (unmade.length > 0) {
    return { kind: 'blocked', problems: [], unmade: unmade.map((span) => told(span, reasons.get(span.id) ?? [])) };
  }
  const cuts = spans.flatMap((span) => cutsOf(span, isMade(span.id)));
  const text = without(source, cuts);
  const uncovered = uncoveredIn(source, text, cuts);
  if (uncovered.length > 0) return { kind: 'blocked', problems: uncovered, unmade: [] };
  return {
    kind: 'reconciled',
    text,
    kept: declared.map(({ id }) => id).filter(isMade),
    removed: spans.filter(({ id }) => !isMade(id)).flatMap((span) => cutsOf(span, false)),
  };
}

function cutsOf({ id, opening, closing }: MarkedSpan, made: boolean): Removed[] {
  return made
    ? [
        { id, ...opening },
        { id, ...closing },
      ]
    : [{ id, start: opening.start, end: closing.end }];
}

function without(source: string, cuts: readonly Removed[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of cuts) {
    kept.push(source.slice(from, start));
    from = end;
  }
  kept.push(source.slice(from));
  return kept.join('');
}

/** What was code may be none any more once the block before it is gone: nothing may become a marker by our doing. */
function uncoveredIn(source: string, text: string, cuts: readonly Removed[]): MarkerProblem[] {
  const { spans, problems } = readMarkers(text);
  const places = [...spans.map(({ at }) => at.offset), ...problems.map(({ offset }) => offset)];
  const position = positionsIn(source);
  const before = places.map((offset) => offsetBefore(offset, cuts));
  return [...new Set(before)].sort((a, b) => a - b).map((offset) => markerProblem('uncovered', position(offset)));
}

/** Where in the source a place of the text without the cuts stood. */
function offsetBefore(offset: number, cuts: readonly Removed[]): number {
  return cuts.reduce((at, { start, end }) => (start <= at ? at + end - start : at), offset);
}

function told(span: MarkedSpan, reasons: readonly NotMadeReason[]): UnmadeAsset {
  const why = reasons.map((reason) => NOT_MADE_REASONS[reason]).join('; ');
  const sentence = `The ${span.declares?.kind ?? 'asset'} "${span.id}" is required and does not count as made: ${why}. Make it, or declare it as not required.`;
  return { id: span.id, at: span.at, reasons, sentence };
}
