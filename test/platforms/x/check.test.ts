// What X would refuse is refused at the border, with the field and the limit by name.
import { expect, test } from 'vitest';
import type { MediaItem } from '../../../src/domain/schedules/post.ts';
import type { FieldProblem } from '../../../src/domain/schedules/schedule-request.ts';
import { adapter } from '../../../src/platforms/x/adapter.ts';
import { ALL_SCOPES, GIF, PHOTO, VIDEO } from './facts.ts';

const MIB = 1024 ** 2;

function problems(text: string, media: readonly MediaItem[] = [], options = {}): FieldProblem[] {
  return adapter.check({ text, media: [...media] }, options, { scopes: ALL_SCOPES });
}

const TAKEN: readonly (readonly [what: string, text: string, media?: readonly MediaItem[], options?: object])[] = [
  ['a text of 280', 'a'.repeat(280)],
  ['140 CJK characters', '日'.repeat(140)],
  ['a link of any length', `${'a'.repeat(256)} https://example.com/${'b'.repeat(500)}`],
  ['a long text of a Premium account', 'a'.repeat(4_000), [], { textLimit: 4_000 }],
  ['four photos', 'Hi', [PHOTO, PHOTO, PHOTO, PHOTO]],
  ['media without text', '', [PHOTO]],
  ['one GIF at its limits', '', [{ ...GIF, sizeBytes: 15 * MIB, widthPx: 1_280, heightPx: 1_080 }]],
  [
    'one video at its limits',
    '',
    [{ ...VIDEO, sizeBytes: 512 * MIB, durationSeconds: 140, widthPx: 300, heightPx: 900 }],
  ],
  ['a short video', '', [{ ...VIDEO, durationSeconds: 0.5 }]],
  ['a photo of 5 MB with a long description', '', [{ ...PHOTO, sizeBytes: 5 * MIB, altText: '日'.repeat(1_000) }]],
];

for (const [what, text, media, options] of TAKEN) {
  test(`X takes ${what}`, () => expect(problems(text, media, options)).toEqual([]));
}

const BUNDLE = '4 photos, or 1 GIF, or 1 video';

const REFUSED: readonly (readonly [
  what: string,
  field: string,
  limit: string | undefined,
  text: string,
  media?: readonly MediaItem[],
  options?: object,
])[] = [
  ['an empty post', 'text', undefined, ''],
  ['a post of spaces', 'text', undefined, ' \n '],
  ['a text of 281', 'text', '280 weighted characters', 'a'.repeat(281)],
  ['141 CJK characters', 'text', '280 weighted characters', '日'.repeat(141)],
  ['a text beyond its Premium limit', 'text', '4000 weighted characters', 'a'.repeat(4_001), [], { textLimit: 4_000 }],
  ['five photos', 'media', BUNDLE, 'Hi', [PHOTO, PHOTO, PHOTO, PHOTO, PHOTO]],
  ['a photo beside a video', 'media', BUNDLE, 'Hi', [PHOTO, VIDEO]],
  ['two GIFs', 'media', BUNDLE, 'Hi', [GIF, GIF]],
  ['a photo too large', 'media.1.sizeBytes', '5242880 bytes', '', [PHOTO, { ...PHOTO, sizeBytes: 5 * MIB + 1 }]],
  ['a GIF too large', 'media.0.sizeBytes', '15728640 bytes', '', [{ ...GIF, sizeBytes: 15 * MIB + 1 }]],
  ['a GIF too wide', 'media.0.widthPx', '1280 pixels for a GIF', '', [{ ...GIF, widthPx: 1_281 }]],
  ['a GIF too high', 'media.0.heightPx', '1080 pixels for a GIF', '', [{ ...GIF, heightPx: 1_081 }]],
  ['a video too large', 'media.0.sizeBytes', '536870912 bytes', '', [{ ...VIDEO, sizeBytes: 512 * MIB + 1 }]],
  ['a video too long', 'media.0.durationSeconds', '140 seconds', '', [{ ...VIDEO, durationSeconds: 140.1 }]],
  ['a video too short', 'media.0.durationSeconds', 'at least 0.5 seconds', '', [{ ...VIDEO, durationSeconds: 0.4 }]],
  [
    'a video too narrow',
    'media.0.widthPx',
    'an aspect ratio from 1:3 to 3:1',
    '',
    [{ ...VIDEO, widthPx: 299, heightPx: 900 }],
  ],
  ['a description too long', 'media.0.altText', '1000 characters', '', [{ ...PHOTO, altText: 'a'.repeat(1_001) }]],
];

for (const [what, field, limit, text, media, options] of REFUSED) {
  test(`X refuses ${what}`, () => {
    const problem = { field, problem: expect.any(String), ...(limit ? { limit } : {}) };
    expect(problems(text, media, options)).toEqual([problem]);
  });
}

test.each([
  ['no options', {}, true],
  ['a reply', { replyToPostId: '1849000000000000001' }, true],
  ['a Premium limit', { textLimit: 25_000 }, true],
  ['a reply to a number, which loses digits', { replyToPostId: 2 ** 60 }, false],
  ['a reply to an address', { replyToPostId: 'https://x.com/a/status/1' }, false],
  ['a limit below what everyone has', { textLimit: 100 }, false],
  ['an option X does not have', { replySettings: 'following' }, false],
])('%s', (_what, options, taken) => {
  expect(adapter.optionsSchema.safeParse(options).success).toBe(taken);
});
