// What Bluesky would refuse is refused at the border, with the field and the limit.

import { lexicons } from '@atproto/api';
import { expect, test } from 'vitest';
import type { Content, MediaItem } from '../../../src/domain/schedules/post.ts';
import { check, LIMITS } from '../../../src/platforms/bluesky/check.ts';
import { optionsSchema } from '../../../src/platforms/bluesky/options.ts';

const image: MediaItem = { url: 'https://cdn.example.com/a.png', mediaType: 'image/png', sizeBytes: 2_000_000 };
const video: MediaItem = { url: 'https://cdn.example.com/a.mp4', mediaType: 'video/mp4', sizeBytes: 300_000_000 };
const FAMILY = '👩‍👩‍👧‍👦';

type Row = readonly [string, Content, readonly (readonly [field: string, limit: string | undefined])[]];

const TABLE: readonly Row[] = [
  ['a short text', { text: 'Hello', media: [] }, []],
  ['300 characters', { text: 'a'.repeat(300), media: [] }, []],
  ['301 characters', { text: 'a'.repeat(301), media: [] }, [['text', 'at most 300 characters']]],
  ['100 families of seven code points are 100 characters', { text: FAMILY.repeat(100), media: [] }, []],
  ['few characters of many bytes', { text: FAMILY.repeat(121), media: [] }, [['text', 'at most 3000 bytes of UTF-8']]],
  ['no text and no media', { text: '', media: [] }, [['text', undefined]]],
  ['only blanks', { text: ' \n\t', media: [] }, [['text', undefined]]],
  ['an image without text', { text: '', media: [image] }, []],
  ['four images', { text: '', media: [image, image, image, image] }, []],
  ['five images', { text: '', media: [image, image, image, image, image] }, [['media', 'at most 4 images']]],
  [
    'an image a byte too large',
    { text: '', media: [image, { ...image, sizeBytes: 2_000_001 }] },
    [['media.1.sizeBytes', 'at most 2000000 bytes per image']],
  ],
  [
    'jpeg, a GIF of one picture, and webp',
    {
      text: '',
      media: [
        { ...image, mediaType: 'image/jpeg' },
        { ...image, mediaType: 'image/gif', animated: false },
        { ...image, mediaType: 'image/webp' },
      ],
    },
    [],
  ],
  ...[{ mediaType: 'image/gif', animated: true } as const, { mediaType: 'image/gif' } as const].map(
    (gif): Row => [
      `a GIF whose animation is ${gif.animated ?? 'not known'}`,
      { text: '', media: [{ ...image, ...gif }] },
      [['media.0.mediaType', 'still images, or one video/mp4']],
    ],
  ),
  [
    'a WebP that moves',
    { text: '', media: [{ ...image, mediaType: 'image/webp', animated: true }] },
    [['media.0.mediaType', 'still images, or one video/mp4']],
  ],
  ['one video', { text: '', media: [video] }, []],
  ['two videos', { text: '', media: [video, video] }, [['media', 'at most 1 video, alone']]],
  ['a video and an image', { text: '', media: [image, video] }, [['media', 'at most 1 video, alone']]],
  [
    'a video that is not mp4',
    { text: '', media: [{ ...video, mediaType: 'video/quicktime' }] },
    [['media.0.mediaType', undefined]],
  ],
  [
    'a video a byte too large',
    { text: '', media: [{ ...video, sizeBytes: 300_000_001 }] },
    [['media.0.sizeBytes', 'at most 300000000 bytes per video']],
  ],
  [
    'a long description of a video',
    { text: '', media: [{ ...video, altText: 'a'.repeat(1_001) }] },
    [['media.0.altText', 'at most 1000 characters']],
  ],
  ['a long description of an image', { text: '', media: [{ ...image, altText: 'a'.repeat(5_000) }] }, []],
];

test.each(TABLE)('%s', (_, content, expected) => {
  expect(check(content).map(({ field, limit }) => [field, limit])).toEqual(expected);
});

test('every problem at once', () => {
  const content: Content = { text: 'a'.repeat(301), media: [{ ...image, sizeBytes: 2_000_001 }, video] };
  expect(check(content).map(({ field }) => field)).toEqual(['text', 'media', 'media.0.sizeBytes']);
});

test('an animated GIF is refused with why, and what to send instead', () => {
  const gif = { ...image, mediaType: 'image/gif' } as const;
  const problems = [{ ...gif, animated: true }, gif].map((item) => check({ text: '', media: [item] })[0]?.problem);
  expect(problems).toEqual([
    'is an animated image; Bluesky would show it as a still, so send it as an MP4 video',
    'is a GIF that may be animated; Bluesky would show it as a still, so send it as an MP4 video',
  ]);
});

test('the limits are those of the published lexicons', () => {
  const image = lexicons.getDefOrThrow('app.bsky.embed.images#image', ['object']);
  const images = lexicons.getDefOrThrow('app.bsky.embed.images', ['object']);
  const video = lexicons.getDefOrThrow('app.bsky.embed.video', ['object']);
  const post = lexicons.getDefOrThrow('app.bsky.feed.post', ['record']);
  expect(image.properties.image).toMatchObject({ maxSize: LIMITS.imageBytes, accept: ['image/*'] });
  expect(images.properties.images).toMatchObject({ maxLength: LIMITS.images });
  expect(video.properties.video).toMatchObject({ maxSize: LIMITS.videoBytes, accept: ['video/mp4'] });
  expect(post.record.properties.text).toMatchObject({
    maxGraphemes: LIMITS.textGraphemes,
    maxLength: LIMITS.textBytes,
  });
});

test.each([
  [{}, true],
  [{ langs: ['en'] }, true],
  [{ langs: ['pt-BR', 'zh-Hant', 'gsw'] }, true],
  [{ langs: [] }, false],
  [{ langs: ['en', 'de', 'fr', 'it'] }, false],
  [{ langs: ['english please'] }, false],
  [{ langs: 'en' }, false],
  [{ reply: 'x' }, false],
])('the options %j are taken: %s', (options, taken) => {
  expect(optionsSchema.safeParse(options).success).toBe(taken);
});
