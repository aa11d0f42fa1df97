// Text as it is compared: letters and digits alone, since themes rewrite the rest (quotes, dashes, dots, spaces, case).

/** What themes write for something else, and NFKC leaves as it is. */
const REWRITTEN: Readonly<Record<string, string>> = { '×': 'x', '©': 'c', '®': 'r' };

/** Letters, their marks and digits, in one form of Unicode, in lower case, without anything between. */
export function normalText(text: string): string {
  return text
    .replace(/[×©®]/g, (sign) => REWRITTEN[sign] ?? sign)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '')
    .replace(/\uFE0F/g, '');
}
