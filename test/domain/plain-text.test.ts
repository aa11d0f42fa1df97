// What can be stored: well-formed Unicode without NUL, anywhere in a value.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isPlainText, isShallow, plainJson, toPlainText } from '../../src/domain/text/plain-text.ts';

describe('plain text', () => {
  it.each([
    ['', ''],
    ['Grüße 😀\n\t', 'Grüße 😀\n\t'],
    ['a\u0000b\u0000', 'ab'],
    ['\ud83d lone', '\ufffd lone'],
    ['\ude00\ud83d', '\ufffd\ufffd'],
    ['\u0001\u007f\uffff', '\u0001\u007f\uffff'],
  ])('%j is mended to %j', (given, mended) => {
    expect(toPlainText(given)).toBe(mended);
    expect(isPlainText(given)).toBe(given === mended);
  });

  it('is cut by characters, and never leaves half a pair', () => {
    expect(toPlainText('ab😀', 3)).toBe('ab\ufffd');
    expect(toPlainText('ab😀', 4)).toBe('ab😀');
  });
});

describe('a JSON value', () => {
  it('is mended everywhere, keys included, and nothing becomes null', () => {
    expect(plainJson({ 'k\u0000': ['\ud800', { deep: 'x\u0000' }], n: 1, t: true, z: null })).toEqual({
      k: ['\ufffd', { deep: 'x' }],
      n: 1,
      t: true,
      z: null,
    });
    expect(plainJson(undefined)).toBe(null);
  });
});

test('a value is shallow up to a hundred levels', () => {
  const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  expect(isShallow(7)).toBe(true);
  expect(isShallow({ a: [{ b: 'c' }] })).toBe(true);
  expect(isShallow(nested(100))).toBe(true);
  expect(isShallow(nested(101))).toBe(false);
  expect(isShallow(nested(200_000))).toBe(false);
});

/** The judge of what was mended: every text and every key can be stored as it is. */
function holdsPlainText(value: unknown): boolean {
  if (typeof value === 'string') return isPlainText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isPlainText(key) && holdsPlainText(inner));
}

test('whatever was mended can be stored, and what could be stored is left alone', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(holdsPlainText(plainJson(value))).toBe(true);
      if (holdsPlainText(value)) expect(plainJson(value)).toEqual(value);
    }),
  );
});
