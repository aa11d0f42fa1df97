// Globs for conditions (operations O4): `*` stands for any text, `?` for one character. Their cost is bounded by the lengths of
// pattern and text alone, whatever stands in them.

/** Each piece between two stars is looked for once, as far left as it stands: what is found so needs no going back. */
export function matchesGlob(pattern: string, text: string): boolean {
  const pieces = pattern.split('*');
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text.length === first.length && standsAt(first, text, 0);
  if (!standsAt(first, text, 0)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = findFrom(piece, text, from);
    if (found === null) return false;
    from = found + piece.length;
  }
  const end = text.length - last.length;
  return end >= from && standsAt(last, text, end);
}

function standsAt(piece: string, text: string, at: number): boolean {
  if (at + piece.length > text.length) return false;
  for (let index = 0; index < piece.length; index += 1) {
    if (piece[index] !== '?' && piece[index] !== text[at + index]) return false;
  }
  return true;
}

function findFrom(piece: string, text: string, from: number): number | null {
  if (!piece.includes('?')) {
    const found = text.indexOf(piece, from);
    return found < 0 ? null : found;
  }
  for (let at = from; at + piece.length <= text.length; at += 1) if (standsAt(piece, text, at)) return at;
  return null;
}
