// A page that stands under the slug of a run and tells search engines that another one counts is not the planned post.
import { expect, test } from 'vitest';
import { differencesFrom } from '../../../src/pipeline/builtin/compare.ts';

const ADDRESS = 'https://blog.example/news/the-sea/';
const PLANNED = {
  title: 'The sea',
  body: 'It is wide.',
  pictures: [],
  request: { id: 'run-1', account: 'blog', text: 'It is wide.' },
  fingerprint: 'f'.repeat(64),
  address: ADDRESS,
};
const pageNaming = (canonicalUrl: string | null) => ({
  id: '7',
  slug: 'the-sea',
  status: 'published' as const,
  zones: ['news'],
  title: 'The sea',
  html: '<p>It is wide.</p>',
  url: ADDRESS,
  canonicalUrl,
  marks: [],
  updatedAt: null,
});

test.each([
  ['none', null],
  ['itself', 'https://blog.example/news/the-sea'],
])('it agrees where it names %s', (_what, canonicalUrl) => {
  expect(differencesFrom(PLANNED, pageNaming(canonicalUrl))).toEqual([]);
});

test('it differs where it names another', () => {
  const seen = 'https://elsewhere.example/the-sea/';
  expect(differencesFrom(PLANNED, pageNaming(seen))).toEqual([
    { what: 'the canonical address', planned: ADDRESS, seen },
  ]);
});
