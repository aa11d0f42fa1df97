// Text that PostgreSQL, Temporal and the platforms can all hold: well-formed Unicode without NUL. What people and
// platforms send may be neither, and must then be refused or mended before it is stored.

/** What is said of a text that cannot be stored as it is. */
export const NOT_PLAIN = 'must be well-formed Unicode without the NUL character';

/** Whether the text can be stored as it is. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** The text as it can be stored: lone surrogates become U+FFFD, NUL disappears. Cut to `maxChars`, never through a pair. */
export function toPlainText(text: string, maxChars: number = Number.POSITIVE_INFINITY): string {
  return text.replaceAll('\u0000', '').slice(0, maxChars).toWellFormed();
}

/** Deeper than any message or post has reason to be; what is much deeper overflows the stack of whoever walks it. */
const DEEPEST = 100;

/** Whether a JSON value is nested at most a hundred deep. */
export function isShallow(value: unknown, deepest: number = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return deepest > 0 && Object.values(value).every((inner) => isShallow(inner, deepest - 1));
}

/** A JSON value with every text and key in it mended; what is no JSON becomes null. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'string') return toPlainText(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toPlainText(key), plainJson(inner)]));
  }
  return value === undefined ? null : value;
}
