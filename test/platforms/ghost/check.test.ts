// What Ghost would refuse, or make something else of, is refused at the border, with the field and the limit.
import { expect, test } from 'vitest';
import type { Content, MediaItem } from '../../../src/domain/schedules/post.ts';
import { adapter } from '../../../src/platforms/ghost/adapter.ts';

const picture: MediaItem = { url: 'https://cdn.example.com/a.png', mediaType: 'image/png', sizeBytes: 1_000 };
const video: MediaItem = { url: 'https://cdn.example.com/a.mp4', mediaType: 'video/mp4', sizeBytes: 1_000 };
const options = { title: 'A title', slug: 'a-title' };
const account = { scopes: [] };

type Row = readonly [
  string,
  Partial<Content>,
  object,
  readonly (readonly [field: string, limit: string | undefined])[],
];

const TABLE: readonly Row[] = [
  ['a text', {}, {}, []],
  ['no text', { text: ' \n' }, {}, [['text', undefined]]],
  ['a cover', { media: [picture] }, { cover: 0 }, []],
  [
    'a cover that is not there',
    { media: [picture], text: `![](${picture.url})` },
    { cover: 1 },
    [['options.cover', '0 to 0']],
  ],
  ['a picture that the text names', { media: [picture], text: `See ![it](${picture.url}).` }, {}, []],
  ['a picture that the HTML names', { media: [picture], text: `<img src='${picture.url}'>` }, { format: 'html' }, []],
  [
    'a picture that nobody would see',
    { media: [picture] },
    {},
    [['media.0', 'options.cover, or its address in the text']],
  ],
  ['a video', { media: [video], text: `[v](${video.url})` }, {}, [['media.0.mediaType', 'pictures']]],
  ['a cover described in 191 characters', { media: [{ ...picture, altText: 'a'.repeat(191) }] }, { cover: 0 }, []],
  [
    'a cover described in 192',
    { media: [{ ...picture, altText: 'a'.repeat(192) }] },
    { cover: 0 },
    [['media.0.altText', 'at most 191 characters']],
  ],
  [
    'a tag that readers would not see',
    {},
    { tags: ['fine', '#hidden'] },
    [['options.tags.1', 'a tag that readers see']],
  ],
];

test.each(TABLE)('%s', (_, content, more, problems) => {
  const found = adapter.check({ text: 'Hello', media: [], ...content }, { ...options, ...more }, account);
  expect(found.map(({ field, limit }) => [field, limit])).toEqual(problems);
});

const OPTIONS: readonly (readonly [string, object, boolean])[] = [
  ['a title of 255 characters', { title: 'a'.repeat(255) }, true],
  ['a title of 256', { title: 'a'.repeat(256) }, false],
  ['a slug of 191 characters', { slug: 'a'.repeat(191) }, true],
  ['a slug of 192', { slug: 'a'.repeat(192) }, false],
  ['a slug that Ghost would rewrite', { slug: 'Größe' }, false],
  ['an excerpt of 300 characters', { excerpt: 'a'.repeat(300) }, true],
  ['an excerpt of 301', { excerpt: 'a'.repeat(301) }, false],
  ['an option that nobody knows', { newsletter: 'weekly' }, false],
];

test.each(OPTIONS)('%s', (_, more, taken) => {
  expect(adapter.optionsSchema.safeParse({ ...options, ...more }).success).toBe(taken);
});

test('whoever looks at a picture is told the types', () => {
  expect(adapter.mediaLimits?.(picture)).toEqual([
    { fact: 'mediaType', oneOf: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] },
  ]);
});
