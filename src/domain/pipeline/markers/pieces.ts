// Cuts Markdown into pieces that can be read alone. A blank line and then a line that begins at the margin end every
// container and every block (CommonMark 0.31, 5.1 and 5.2), but for code fences and HTML blocks, which only their own end ends.

/** A part of the source, in UTF-16 offsets; `end` is the first offset after it. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

const BOUNDARY = /(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)(?=[^ \t\r\n])/g;

/** Every piece of the source from `start` on, in order and without a gap. */
export function* piecesFrom(source: string, start: number): Generator<Piece> {
  let from = start;
  const boundary = new RegExp(BOUNDARY);
  boundary.lastIndex = start;
  for (let found = boundary.exec(source); found; found = boundary.exec(source)) {
    const end = found.index + found[0].length;
    yield { start: from, end };
    from = end;
  }
  if (from < source.length) yield { start: from, end: source.length };
}

const FENCE = /(`{3,})[^`\r\n]*(?:\r\n|\n|\r)|(~{3,})[^\r\n]*(?:\r\n|\n|\r)/y;

/** Where a code fence that opens right here ends, after its last line; null where none opens. */
export function fenceEnd(source: string, start: number): number | null {
  const opening = new RegExp(FENCE);
  opening.lastIndex = start;
  const [whole = '', ticks, tildes] = opening.exec(source) ?? [];
  const marks = ticks ?? tildes;
  if (marks === undefined) return null;
  const closing = new RegExp(`^ {0,3}${marks}${marks.charAt(0)}*[ \\t]*(?:\\r\\n|\\n|\\r|$(?![\\s\\S]))`, 'gm');
  closing.lastIndex = start + whole.length;
  const found = closing.exec(source);
  return found ? found.index + found[0].length : source.length;
}
