// How much two texts are alike. What is alike without being the same may be our own post, rewritten by the platform or
// edited since: it is doubt, neither "absent" nor "ours" (law 4). Pure.
import { decodeHTML } from 'entities';

/**
 * - `alike`: the same but for what platforms rewrite (links, escapes, spaces, signs, emoji, case), a text cut short, or
 *   nearly all of its words
 * - `different`: another text
 */
export type Likeness = 'alike' | 'different';

/** Texts shorter than this, in letters and digits, are not called a cut-off form of each other. */
const CUT_CHARS = 40;
/** The share of words that two texts must have in common to be nearly equal. */
const NEARLY = 0.9;

/** Compares what we sent with what a platform shows, without regard to anything but letters and digits. */
export function likeness(ours: string, theirs: string): Likeness {
  const one = words(ours);
  const other = words(theirs);
  const [a, b] = [one.join(''), other.join('')];
  if (a === b || isCutOff(a, b) || isCutOff(b, a)) return 'alike';
  return inCommon(one, other) > NEARLY ? 'alike' : 'different';
}

/** Links with a scheme, and bare domains with whatever follows them; one label is read once, however long the text. */
const LINK = /(?:https?:\/\/|www\.)\S+|(?<![\p{L}\p{N}@._/-])(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[/?#]\S*)?/giu;

/** Whether a platform may find a link in the text. */
export function hasLink(text: string): boolean {
  return text.search(LINK) >= 0;
}

/** The words of a text: letters and digits alone, links left out, in one form of Unicode, without case. */
function words(text: string): string[] {
  // Escaped twice has been seen where one service hands a text on to another.
  const plain = decodeHTML(decodeHTML(text)).replace(LINK, ' ').normalize('NFKD').toLowerCase();
  return plain.replace(/\p{M}+/gu, '').match(/[\p{L}\p{N}]+/gu) ?? [];
}

function isCutOff(short: string, long: string): boolean {
  return short.length >= CUT_CHARS && long.startsWith(short);
}

/** The share of words in common, from 0 to 1 (Dice's coefficient, each word as often as it stands there). */
function inCommon(one: readonly string[], other: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of one) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of other) {
    const count = left.get(word) ?? 0;
    if (count > 0) common += 1;
    left.set(word, count - 1);
  }
  return one.length + other.length === 0 ? 1 : (2 * common) / (one.length + other.length);
}
