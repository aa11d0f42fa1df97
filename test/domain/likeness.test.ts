// Which texts may be one post in two spellings. Written out by hand, from what platforms are known to rewrite.
import { expect, test } from 'vitest';
import { likeness } from '../../src/domain/reconcile/likeness.ts';

const LONG = 'We are live with the spring collection, and the first hundred orders travel free of charge';

test.each([
  ['the same text', 'Hello world', 'Hello world'],
  ['a link that was shortened', 'Read https://Example.com/a?b=c now', 'Read https://t.co/AbC now'],
  ['a link in punycode', 'Read https://bücher.example/a', 'Read https://xn--bcher-kva.example/a'],
  ['a bare domain that was expanded', 'Read example.com/a', 'Read http://example.com/a'],
  ['named escapes', 'Fish & chips < 5 €', 'Fish &amp; chips &lt; 5 &euro;'],
  ['numeric escapes of letters', 'Café', 'Caf&#233;'],
  ['hexadecimal escapes', 'Café', 'Caf&#xE9;'],
  ['escapes of escapes', 'Fish & chips', 'Fish &amp;amp; chips'],
  ['a joined emoji that came apart', 'Family 👨‍👩‍👧 day', 'Family 👨👩👧 day'],
  ['a no-break space', 'Good\u00a0morning', 'Good morning'],
  ['another form of Unicode', 'Cafe\u0301', 'Caf\u00e9'],
  ['full-width letters', 'ＡＢＣ', 'ABC'],
  ['another case', 'HELLO', 'hello'],
  ['quotes that were made round', 'It\'s "fine"', 'It’s “fine”'],
  ['a long text cut short', LONG, LONG.slice(0, 70)],
  ['one word of many corrected', `${LONG} today, teh end of it`, `${LONG} today, the end of it`],
  ['nothing but different signs', '🎉🎉', '🎊'],
  ['nothing but different links', 'https://a.example/1', 'https://b.example/2'],
])('%s is alike', (_, ours, theirs) => {
  expect(likeness(ours, theirs)).toBe('alike');
  expect(likeness(theirs, ours)).toBe('alike');
});

test.each([
  ['another text', 'Hello world', 'Good night'],
  ['another number', 'Build 1234 passed', 'Build 1235 passed'],
  ['a text that begins alike and is short', 'Good morning', 'Good morning everybody'],
  ['words against none', 'Hello', '👋'],
  ['one word more of few', 'Sale today', 'Big sale today'],
])('%s is different', (_, ours, theirs) => {
  expect(likeness(ours, theirs)).toBe('different');
  expect(likeness(theirs, ours)).toBe('different');
});

test.each([
  ['labels', 'a.'],
  ['hyphens', 'a-'],
  ['both', 'a-a.'],
])('a hostile text of 25,000 signs, %s without an end, is compared in no time', (_, part) => {
  const text = part.repeat(25_000 / part.length);
  const begun = performance.now();
  expect(likeness(text, `${text} and a word`)).toBe('alike');
  expect(performance.now() - begun).toBeLessThan(1_000);
});
