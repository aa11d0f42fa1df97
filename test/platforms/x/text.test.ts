// The weight of texts, by hand from X's counting rules.
import { expect, test } from 'vitest';
import { weightedLength } from '../../../src/platforms/x/text.ts';

const WEIGHTS: readonly (readonly [text: string, weight: number, why: string])[] = [
  ['', 0, 'nothing'],
  ['Hello', 5, 'Latin letters weigh 1'],
  ['h\u00e9llo', 5, 'so do accented ones'],
  ['e\u0301', 1, 'composed before it is counted'],
  ['\u0417\u0434\u0440\u0430\u0432\u043e', 6, 'Cyrillic weighs 1'],
  ['日本語', 6, 'CJK weighs 2'],
  ['“quoted”', 8, 'typographic quotes weigh 1'],
  ['…', 2, 'the ellipsis is outside the light ranges'],
  ['👍', 2, 'an emoji weighs 2'],
  ['👨‍👩‍👧‍👦', 2, 'a family is one emoji'],
  ['🇩🇪', 2, 'so is a flag'],
  ['1️⃣', 2, 'so is a keycap'],
  ['123', 3, 'digits are no emoji'],
  ['a\nb', 3, 'a line break weighs 1'],
  ['https://example.com/a/very/long/path?with=a&query=string', 23, 'a link weighs 23'],
  ['http://a.b', 23, 'however short it is'],
  ['see https://example.com/a, then go', 4 + 23 + 9, 'the comma is not part of it'],
  ['(https://example.com/a)', 25, 'nor is the bracket around it'],
  ['https://en.wikipedia.org/wiki/Mercury_(planet)', 23, 'a bracket that it opened is'],
  ['example.com', 23, 'X links a bare domain'],
  ['read oncepost.dev/docs.', 5 + 23 + 1, 'with its path'],
  ['ada@example.com', 15, 'not an address of mail'],
  ['node.js', 7, 'not every dot makes a domain'],
  ['a.com b.com', 47, 'each link weighs on its own'],
];

test.each(WEIGHTS)('%j weighs %i: %s', (text, weight) => {
  expect(weightedLength(text)).toBe(weight);
});

// A pattern that backtracks would not come to an end on these.
test.each([
  ['letters', 'a'.repeat(25_000), 25_000],
  ['labels', 'a.'.repeat(12_500), 25_000],
  ['an open bracket after another', `https://a${'('.repeat(24_000)}`, 24_023],
  ['links in brackets', 'https://a('.repeat(2_500), 60_000],
])('the longest text of %s is weighed', (_name, text, weight) => {
  expect(weightedLength(text)).toBe(weight);
});
