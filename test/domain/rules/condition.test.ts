import { describe, expect, it } from 'vitest';
import { conditionSchema, holds, valueAtPath } from '../../../src/domain/rules/condition.ts';

const EVENT = {
  source: { connector_id: 'blog' },
  content: {
    title: 'A post about the sea',
    words: 1200,
    draft: false,
    author: null,
    tags: ['sea', 'sand', 7],
    posts: [{ slug: 'first' }, { slug: 'second' }],
    at: '2026-11-28T07:00:00Z',
    '': 'nameless',
  },
};

it.each([
  ['content.title', 'A post about the sea'],
  ['content.posts.1.slug', 'second'],
  ['content.posts.length', undefined],
  ['content.posts.-1', undefined],
  ['content.title.length', undefined],
  ['content.constructor', undefined],
  ['content.__proto__.x', undefined],
  ['content.author.name', undefined],
  ['content.author', null],
])('at %s stands %j', (path, expected) => {
  expect(valueAtPath(EVENT, path)).toEqual(expected);
});

const rows = [
  ['content.title', 'eq', 'A post about the sea', true],
  ['content.title', 'eq', 'a post about the sea', false],
  ['content.words', 'eq', 1200, true],
  ['content.words', 'eq', '1200', false],
  ['content.author', 'eq', null, true],
  ['content.nothing', 'eq', null, false],
  ['content.nothing', 'neq', null, true],
  ['content.draft', 'neq', true, true],
  ['content.title', 'in', ['x', 'A post about the sea'], true],
  ['content.nothing', 'in', [null], false],
  ['content.nothing', 'not_in', [null], true],
  ['content.words', 'not_in', [1200], false],
  ['content.title', 'contains', 'the sea', true],
  ['content.tags', 'contains', 'sea', true],
  ['content.tags', 'contains', 'se', false],
  ['content.tags', 'contains', 7, true],
  ['content.words', 'contains', 2, false],
  ['content.words', 'not_contains', 2, true],
  ['content.title', 'matches', 'A post*', true],
  ['content.title', 'matches', 'post*', false],
  ['content.words', 'matches', '1200', false],
  ['content.words', 'lt', 1201, true],
  ['content.words', 'lt', 1200, false],
  ['content.words', 'lte', 1200, true],
  ['content.words', 'gt', 1199, true],
  ['content.words', 'gte', 1201, false],
  ['content.words', 'gt', '0', false],
  ['content.at', 'lt', '2026-11-28T07:00:01Z', true],
  ['content.at', 'gte', '2026-11-28T07:00:00Z', true],
  ['content.nothing', 'lt', 1, false],
] as const;
it.each(rows)('%s %s %j is %s', (path, op, value, expected) => {
  expect(holds(conditionSchema.parse({ path, op, value }), EVENT)).toBe(expected);
});

it.each([
  ['content.author', 'exists', true],
  ['content.author', 'not_exists', false],
  ['content.nothing', 'exists', false],
  ['content.nothing', 'not_exists', true],
] as const)('%s %s is %s', (path, op, expected) => {
  expect(holds(conditionSchema.parse({ path, op }), EVENT)).toBe(expected);
});

describe('a condition is refused', () => {
  it.each([
    ['with six segments', { path: 'a.b.c.d.e.f', op: 'exists' }, 'has at most 5 segments'],
    ['with an empty segment', { path: 'a..b', op: 'exists' }, 'is names joined by dots'],
    ['with an operator there is not', { path: 'a', op: 'like', value: 'x' }, 'Invalid'],
    ['with a list where one value belongs', { path: 'a', op: 'eq', value: ['x'] }, 'Invalid'],
    ['with a truth to be ordered', { path: 'a', op: 'lt', value: true }, 'Invalid'],
    ['with a value that nothing is compared with', { path: 'a', op: 'exists', value: 1 }, 'Unrecognized'],
  ])('%s', (_what, condition, says) => {
    expect(conditionSchema.safeParse(condition).error?.message).toContain(says);
  });
});
