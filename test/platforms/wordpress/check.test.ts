// What is refused before anything is sent, with the field and the words.
import { describe, expect, test } from 'vitest';
import type { Content, MediaItem } from '../../../src/domain/schedules/post.ts';
import { adapter } from '../../../src/platforms/wordpress/adapter.ts';

const PICTURE: MediaItem = { url: 'https://media.example/a.png', mediaType: 'image/png', sizeBytes: 100 };
const VIDEO: MediaItem = { url: 'https://media.example/b.mp4', mediaType: 'video/mp4', sizeBytes: 100 };
const OPTIONS = { title: 'A title', slug: 'a-slug' };

const check = (content: Partial<Content>, options: object = {}) =>
  adapter.check({ text: 'Words', media: [], ...content }, { ...OPTIONS, ...options }, { scopes: [] });

describe('a post', () => {
  test('with a title and a slug has no problem', () => expect(check({})).toEqual([]));

  test.each([
    ['without words', { text: ' \n' }, {}, 'text', 'must not be empty on a blog'],
    ['under a slug of feeds', {}, { slug: 'feed' }, 'options.slug', 'is kept by WordPress for itself'],
    ['under a slug of embeds', {}, { slug: 'embed' }, 'options.slug', 'is kept by WordPress for itself'],
    ['with a canonical address', {}, { canonicalUrl: 'https://a.example/' }, 'options.canonicalUrl', 'has no place'],
    ['with a picture nobody sees', { media: [PICTURE] }, {}, 'media.0', 'is neither the cover nor named in the text'],
    ['whose cover is not there', {}, { cover: 0 }, 'options.cover', 'names none of the media'],
    ['whose cover is a video', { media: [VIDEO] }, { cover: 0 }, 'options.cover', 'is a video'],
  ] as const)('%s is refused', (_what, content, options, field, problem) => {
    expect(check({ ...content, media: 'media' in content ? [...content.media] : [] }, options)).toEqual([
      { field, problem: expect.stringContaining(problem) },
    ]);
  });

  test('may show a picture as its cover, or in its text', () => {
    expect(check({ media: [PICTURE] }, { cover: 0 })).toEqual([]);
    expect(check({ text: `![a](${PICTURE.url})`, media: [PICTURE] })).toEqual([]);
  });
});

describe('the options', () => {
  const refused = (options: object) =>
    adapter.optionsSchema.safeParse({ ...OPTIONS, ...options }).error?.issues.map(({ path }) => path.join('.')) ?? [];

  test.each([
    ['title', { title: 't'.repeat(255) }, { title: 't'.repeat(256) }],
    ['title', { title: 't' }, { title: ' ' }],
    ['slug', { slug: 's'.repeat(191) }, { slug: 's'.repeat(192) }],
    ['slug', { slug: 'a-1' }, { slug: 'A_1' }],
    ['zone', { zone: 'z'.repeat(100) }, { zone: 'z'.repeat(101) }],
    ['tags', { tags: Array.from({ length: 20 }, (_, at) => `t${at}`) }, { tags: Array.from({ length: 21 }, String) }],
    ['excerpt', { excerpt: 'e'.repeat(300) }, { excerpt: 'e'.repeat(301) }],
    ['format', { format: 'html' }, { format: 'rtf' }],
    ['cover', { cover: 0 }, { cover: -1 }],
  ])('hold %s to its limit', (field, most, tooMuch) => {
    expect(refused(most)).toEqual([]);
    expect(refused(tooMuch)).toEqual([field]);
  });
});
