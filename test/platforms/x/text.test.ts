// The weight of texts, by hand from X's documentation of counting (reference: X, sections 1.4 and 1.7).
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
  ['👍🏽', 2, 'of whatever colour'],
  ['👨‍👩‍👧‍👦', 2, 'a family is one emoji'],
  ['🇩🇪', 2, 'so is a flag'],
  ['1️⃣', 2, 'so is a keycap'],
  ['123', 3, 'digits are no emoji'],
  ['a\nb', 3, 'a line break weighs 1'],
  ['https://example.com/a/very/long/path?with=a&query=string', 23, 'a link weighs 23'],
  ['http://a.co', 23, 'however short it is'],
  ['see https://example.com/a, then go', 4 + 23 + 9, 'the comma is not part of it'],
  ['(https://example.com/a)', 25, 'nor is the bracket around it'],
  ['https://en.wikipedia.org/wiki/Mercury_(planet)', 23, 'a bracket that it opened is'],
  ['example.com', 23, 'X links a bare domain'],
  ['read oncepost.dev/docs.', 5 + 23 + 1, 'with its path'],
  ['youtu.be/dQw4w9WgXcQ', 23, 'every ending that exists makes one'],
  ['README.md', 23, 'also where none was meant'],
  ['https://münchen.de/straße', 23, 'in any letters'],
  ['ada@example.com', 15, 'not an address of mail'],
  ['node.js', 7, 'not every dot makes a domain'],
  ['http://localhost:3000/x', 23, 'a host without an ending is text, here of 23 letters'],
  ['localhost', 9, 'with a scheme or without'],
  ['見てhttps://example.com/aです', 4 + 23 + 4, 'a link ends where CJK begins'],
  ['a.com b.com', 47, 'each link weighs on its own'],
];

test.each(WEIGHTS)('%j weighs %i: %s', (text, weight) => {
  expect(weightedLength(text)).toBe(weight);
});

// Some of these take the library seconds when they are handed to it as they are.
test.each([
  ['letters', 'a'.repeat(25_000), 25_000],
  ['labels', 'a.'.repeat(12_500), 25_000],
  ['labels with hyphens', 'a-a.'.repeat(6_250), 25_000],
  ['an open bracket after another', `https://a${'('.repeat(24_000)}`, 24_009],
  ['links', 'https://a.com/b '.repeat(1_562), 1_562 * 24],
  ['CJK', '日本語'.repeat(8_000), 48_000],
  ['families', '👨‍👩‍👧‍👦'.repeat(2_000), 4_000],
])('the longest text of %s is weighed in no time', (_name, text, weight) => {
  const begun = performance.now();
  expect(weightedLength(text)).toBe(weight);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
