import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesGlob } from '../../../src/domain/rules/glob.ts';

it.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['a*', 'abc', true],
  ['a*', 'ba', false],
  ['*c', 'abc', true],
  ['a*c', 'ac', true],
  ['a*a', 'a', false],
  ['a*b*c', 'a--b--c', true],
  ['a*b*c', 'a--c--b', false],
  ['?', 'a', true],
  ['?', '', false],
  ['?', 'ab', false],
  ['a?c*', 'abc/x', true],
  ['*a?c', 'aac', true],
  ['refs/heads/*', 'refs/heads/main', true],
  ['*.md', 'brief.md', true],
  ['*.md', 'briefxmd', false],
  ['a.c', 'abc', false],
  ['[a]', 'a', false],
])('%j on %j is %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 20 });

it('says what a regular expression of the same meaning says', () => {
  fc.assert(
    fc.property(letters, text, (pattern, given) => {
      const meant = new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
      expect(matchesGlob(pattern, given)).toBe(meant.test(given));
    }),
    { numRuns: 5_000 },
  );
});
