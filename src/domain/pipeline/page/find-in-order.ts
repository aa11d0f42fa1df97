// Finds the blocks of a planned post among those of a page, in their order.
import type { Block } from './blocks.ts';

export interface FoundInOrder {
  readonly missing: readonly Block[];
  /** Between which blocks of the page the post stands, both included; null where none of it was found. */
  readonly range: { readonly first: number; readonly last: number } | null;
}

/** Looks for each planned block behind the place of the one before. One that is missing moves nothing. */
export function findInOrder(planned: readonly Block[], seen: readonly Block[]): FoundInOrder {
  const missing: Block[] = [];
  let first: number | null = null;
  let next = 0;
  for (let index = 0; index < planned.length; ) {
    const found = findFrom(planned, index, seen, next);
    if (found) {
      first ??= found.at;
      next = found.at + found.seen;
      index += found.planned;
    } else {
      missing.push(...planned.slice(index, index + 1));
      index += 1;
    }
  }
  return { missing, range: first === null ? null : { first, last: next - 1 } };
}

/** How many blocks of either side are the same text. */
interface Match {
  readonly planned: number;
  readonly seen: number;
}

function findFrom(planned: readonly Block[], index: number, seen: readonly Block[], from: number) {
  for (let at = from; at < seen.length; at += 1) {
    const match = matchAt(planned, index, seen, at);
    if (match) return { at, ...match };
  }
  return null;
}

/** Blogs join lines of a quote into one paragraph, and part others: both sides must end together. */
function matchAt(planned: readonly Block[], index: number, seen: readonly Block[], at: number): Match | null {
  let [ours, theirs] = ['', ''];
  let [takenOurs, takenTheirs] = [0, 0];
  do {
    const mine = ours === '' ? planned[index + takenOurs++] : HELD;
    const yours = theirs === '' ? seen[at + takenTheirs++] : HELD;
    if (!mine || !yours || isHeadingLost(mine, yours)) return null;
    [ours, theirs] = [ours + mine.normal, theirs + yours.normal];
    const common = Math.min(ours.length, theirs.length);
    if (ours.slice(0, common) !== theirs.slice(0, common)) return null;
    [ours, theirs] = [ours.slice(common), theirs.slice(common)];
  } while (ours !== '' || theirs !== '');
  return { planned: takenOurs, seen: takenTheirs };
}

/** Stands for a block of which a rest is still to be matched. */
const HELD = { kind: 'text', normal: '' } as const;

/** A heading that is none any more is no heading, though its words stand there. */
const isHeadingLost = (mine: Pick<Block, 'kind'>, yours: Pick<Block, 'kind'>): boolean =>
  mine.kind === 'heading' && yours.kind !== 'heading';
