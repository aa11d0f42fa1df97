// Where in a text something stands, as editors count.

/** `line` and `column` from 1, the column in UTF-16 units; `offset` from 0. A byte order mark has no column. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

const LINE_END = /\r\n|\n|\r/g;

/** Answers the position of any offset of a text. */
export function positionsIn(text: string): (offset: number) => Position {
  const starts = [text.startsWith('\uFEFF') ? 1 : 0];
  for (const { index, 0: ending } of text.matchAll(LINE_END)) starts.push(index + ending.length);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { offset, line: low + 1, column: Math.max(0, offset - (starts[low] ?? 0)) + 1 };
  };
}
