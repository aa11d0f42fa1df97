// Where a key stands in a YAML file, so that a refusal can name its line, and in a list its column too.
import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml';

export type KeyPath = readonly (string | number)[];

/** Both are 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

function offsetOf(document: Document, path: KeyPath): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isSeq(parent)) {
    const item = parent.items[Number(last)];
    return isNode(item) ? item.range?.[0] : undefined;
  }
  if (!isMap(parent)) return undefined;
  const key = parent.items.map((pair) => pair.key).find((key) => isScalar(key) && String(key.value) === String(last));
  return isScalar(key) ? key.range?.[0] : undefined;
}

/** Where the key at `path` stands; for a key that is missing, where the section it belongs in does. */
export function placeOf(document: Document, path: KeyPath, lines: LineCounter): Place {
  if (path.length === 0) return { line: 1, column: 1 };
  const offset = offsetOf(document, path);
  if (offset === undefined) return placeOf(document, path.slice(0, -1), lines);
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
