// Where a key stands in a YAML file, so that a refusal can name its line.
import { type Document, isMap, isScalar, type LineCounter } from 'yaml';

export type KeyPath = readonly (string | number)[];

function keyLine(document: Document, path: KeyPath, lines: LineCounter): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const name = String(path.at(-1));
  const key = parent.items.map((pair) => pair.key).find((key) => isScalar(key) && String(key.value) === name);
  return isScalar(key) && key.range ? lines.linePos(key.range[0]).line : undefined;
}

/** The 1-based line of the key at `path`; for a key that is missing, the line of the section it belongs in. */
export function lineOf(document: Document, path: KeyPath, lines: LineCounter): number {
  if (path.length === 0) return 1;
  return keyLine(document, path, lines) ?? lineOf(document, path.slice(0, -1), lines);
}
