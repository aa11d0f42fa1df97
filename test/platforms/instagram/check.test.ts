// What is refused at the border because Instagram would refuse it: the field, what is wrong, and the limit.
import { describe, expect, it } from 'vitest';
import type { MediaItem } from '../../../src/domain/schedules/post.ts';
import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import type { Json } from '../../../src/platforms/sessions.ts';
import { picture, video } from './open-session.ts';

function problems(media: readonly MediaItem[], text = 'Good morning', options: Record<string, Json> = {}) {
  return adapter.check({ text, media: [...media] }, options, { scopes: [] }).map(({ field, limit }) => [field, limit]);
}

const pictures = (count: number) => Array.from({ length: count }, (_, index) => picture(`p${index}`));

describe('media', () => {
  it('a picture, a reel and bundles of 2 to 10 items pass', () => {
    for (const media of [[picture()], [video()], pictures(2), pictures(10), [picture('a'), video('b')]]) {
      expect(problems(media)).toEqual([]);
    }
  });

  it('a post without media is refused', () => {
    expect(problems([])).toEqual([['media', 'at least 1 item']]);
  });

  it('a bundle of eleven is refused', () => {
    expect(problems(pictures(11))).toEqual([['media', 'at most 10 items']]);
  });

  it('pictures are JPEG only', () => {
    for (const mediaType of ['image/png', 'image/gif', 'image/webp'] as const) {
      expect(problems([{ ...picture(), mediaType }])).toEqual([['media.0.mediaType', 'image/jpeg']]);
    }
  });

  it('a GIF is refused in words that say what to send instead', () => {
    const media = [{ ...picture(), mediaType: 'image/gif' as const }, picture('b')];
    const [problem] = adapter.check({ text: 'x', media }, {}, { scopes: [] });
    expect(problem).toEqual({
      field: 'media.0.mediaType',
      problem: 'is image/gif: Instagram takes pictures as JPEG only; send what moves as an MP4 video',
      limit: 'image/jpeg',
    });
  });

  it('a picture has at most 8 MiB, a video at most 300 MiB', () => {
    expect(problems([{ ...picture(), sizeBytes: 8_388_608 }])).toEqual([]);
    expect(problems([{ ...picture(), sizeBytes: 8_388_609 }])).toEqual([
      ['media.0.sizeBytes', 'at most 8388608 bytes'],
    ]);
    expect(problems([{ ...video(), sizeBytes: 314_572_800 }])).toEqual([]);
    expect(problems([{ ...video(), sizeBytes: 314_572_801 }])).toEqual([
      ['media.0.sizeBytes', 'at most 314572800 bytes'],
    ]);
  });

  it('a picture’s shape is judged when both sides are known', () => {
    const shaped = (widthPx: number, heightPx: number) => problems([{ ...picture(), widthPx, heightPx }]);
    expect(shaped(1080, 1350)).toEqual([]);
    expect(shaped(1910, 1000)).toEqual([]);
    expect(shaped(1080, 1351)).toEqual([['media.0', '4:5 to 1.91:1']]);
    expect(shaped(1911, 1000)).toEqual([['media.0', '4:5 to 1.91:1']]);
    expect(problems([{ ...picture(), widthPx: 1 }])).toEqual([]);
  });

  it('a video lasts 3 seconds to 15 minutes and is at most 1920 px wide', () => {
    const lasting = (durationSeconds: number) => problems([{ ...video(), durationSeconds }]);
    expect([lasting(3), lasting(900)]).toEqual([[], []]);
    expect(lasting(2.9)).toEqual([['media.0.durationSeconds', '3 s to 900 s']]);
    expect(lasting(901)).toEqual([['media.0.durationSeconds', '3 s to 900 s']]);
    expect(problems([{ ...video(), widthPx: 1921, heightPx: 1080 }])).toEqual([['media.0.widthPx', 'at most 1920 px']]);
    expect(problems([{ ...video(), widthPx: 1100, heightPx: 100 }])).toEqual([['media.0', '0.01:1 to 10:1']]);
  });

  it('alternative text is for pictures, up to 1000 characters', () => {
    expect(problems([{ ...picture(), altText: '🌅'.repeat(1_000) }])).toEqual([]);
    expect(problems([{ ...picture(), altText: 'a'.repeat(1_001) }])).toEqual([
      ['media.0.altText', 'at most 1000 characters'],
    ]);
    expect(problems([{ ...video(), altText: 'a walk' }])).toEqual([['media.0.altText', undefined]]);
  });

  it('every item of a bundle is judged by itself', () => {
    expect(problems([picture('a'), { ...picture('b'), mediaType: 'image/png' }])).toEqual([
      ['media.1.mediaType', 'image/jpeg'],
    ]);
  });
});

describe('the caption', () => {
  it('has at most 2200 characters', () => {
    expect(problems([picture()], '🌅'.repeat(2_200))).toEqual([]);
    expect(problems([picture()], 'a'.repeat(2_201))).toEqual([['text', 'at most 2200 characters']]);
  });

  it('has at most 30 hashtags and 20 mentions', () => {
    const tags = (count: number) => Array.from({ length: count }, (_, index) => `#täg${index}`).join(' ');
    const people = (count: number) => Array.from({ length: count }, (_, index) => `@per.son_${index}`).join(' ');
    expect(problems([picture()], `${tags(30)} ${people(20)} mail@example.org`)).toEqual([]);
    expect(problems([picture()], tags(31))).toEqual([['text', 'at most 30 hashtags']]);
    expect(problems([picture()], people(21))).toEqual([['text', 'at most 20 @ mentions']]);
  });

  it('may be empty', () => {
    expect(problems([picture()], '')).toEqual([]);
  });
});

describe('options', () => {
  const refused = (options: Record<string, Json>, media: readonly MediaItem[]) => problems(media, 'x', options);

  it('a reel takes its own', () => {
    expect(refused({ shareToFeed: true, thumbOffsetMs: 2_000, locationId: '7640348500' }, [video()])).toEqual([]);
    expect(refused({ shareToFeed: false, coverUrl: 'https://media.example/cover.jpg' }, [video()])).toEqual([]);
  });

  it('what is for a reel is refused elsewhere', () => {
    const options = { shareToFeed: true, thumbOffsetMs: 0, coverUrl: 'https://media.example/c.jpg' };
    expect(refused({ shareToFeed: true }, [picture()])).toEqual([['options.shareToFeed', undefined]]);
    expect(refused(options, [picture('a'), video('b')]).map(([field]) => field)).toEqual([
      'options.shareToFeed',
      'options.thumbOffsetMs',
      'options.coverUrl',
    ]);
  });

  it('a reel has one cover, taken from inside the video', () => {
    expect(refused({ thumbOffsetMs: 0, coverUrl: 'https://media.example/c.jpg' }, [video()])).toEqual([
      ['options.thumbOffsetMs', undefined],
    ]);
    expect(refused({ thumbOffsetMs: 12_001 }, [video()])).toEqual([['options.thumbOffsetMs', 'at most 12000 ms']]);
  });

  it('the label for pictures made with AI is for a single picture', () => {
    expect(refused({ aiGenerated: true }, [picture()])).toEqual([]);
    expect(refused({ aiGenerated: true }, [video()])).toEqual([['options.aiGenerated', undefined]]);
  });

  it('people are tagged at a place in a picture, without one in a video', () => {
    const bundle = [picture('a'), video('b')];
    const tag = { username: 'per.son' };
    expect(refused({ userTags: [{ ...tag, x: 0.5, y: 1 }] }, [picture()])).toEqual([]);
    expect(refused({ userTags: [tag] }, [video()])).toEqual([]);
    expect(refused({ userTags: [{ ...tag, mediaIndex: 1 }] }, bundle)).toEqual([]);
    expect(refused({ userTags: [{ ...tag, x: 0.5 }] }, [picture()])).toEqual([['options.userTags.0', undefined]]);
    expect(refused({ userTags: [{ ...tag, x: 0, y: 0, mediaIndex: 1 }] }, bundle)).toEqual([
      ['options.userTags.0', undefined],
    ]);
    expect(refused({ userTags: [{ ...tag, mediaIndex: 2 }] }, bundle)).toEqual([
      ['options.userTags.0.mediaIndex', 'at most 1'],
    ]);
  });

  it('the schema refuses what is no option, and what has another shape', () => {
    const wrong: Record<string, Json>[] = [
      { shareTofeed: true },
      { shareToFeed: 'yes' },
      { thumbOffsetMs: -1 },
      { thumbOffsetMs: 0.5 },
      { coverUrl: 'ftp://media.example/c.jpg' },
      { locationId: 'Berlin' },
      { userTags: [{ username: '@person', x: 0, y: 0 }] },
      { userTags: [{ username: 'person', x: 2, y: 0 }] },
      { userTags: Array.from({ length: 21 }, () => ({ username: 'person', x: 0, y: 0 })) },
      { aiGenerated: null },
    ];
    expect(wrong.filter((options) => adapter.optionsSchema.safeParse(options).success)).toEqual([]);
  });
});
