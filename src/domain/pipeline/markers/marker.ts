// A marker, and the prose between two of them.
import type { AssetKind } from '../visuals/asset-kinds.ts';
import type { MarkerType, ReadComment } from './comment.ts';
import type { Position } from './position.ts';

/** One comment that is a marker: from its `<` to the first offset after its `>`. */
export interface Marker {
  readonly start: number;
  readonly end: number;
  readonly at: Position;
  readonly says: Exclude<ReadComment, { as: 'problem' }>;
}

/** Prose that depends on an asset, between its two markers. Offsets are UTF-16 units of the source. */
export interface MarkedSpan {
  readonly type: MarkerType;
  readonly id: string;
  /** Only of a `ZCP:ASSET`. */
  readonly declares: { readonly kind: AssetKind; readonly required: boolean } | null;
  /** Where its opening marker stands. */
  readonly at: Position;
  readonly opening: { readonly start: number; readonly end: number };
  readonly closing: { readonly start: number; readonly end: number };
}
