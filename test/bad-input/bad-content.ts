// Posts whose text, media or addresses cannot be published, for every platform and for each.
import { BLUESKY, INSTAGRAM, MEDIA_HOST, media, PICTURE, pictures, type Row, rows, X } from './bad-post.ts';

const WEB = 'must be an http or https address without spaces, user name or password';
const TYPES = 'must be one of image/jpeg, image/png, image/gif, image/webp, video/mp4, video/quicktime';
const PLAIN = 'must be well-formed Unicode without the NUL character';

const TEXTS = rows('invalid_schedule', [
  ['for X without text or media', { ...X, text: '' }, ['text', 'must not be empty on X unless the post has media']],
  [
    'for X of nothing but spaces',
    { ...X, text: ' \n\t ' },
    ['text', 'must not be empty on X unless the post has media'],
  ],
  [
    'for Bluesky without text or media',
    { ...BLUESKY, text: '' },
    ['text', 'must not be empty in a post without media'],
  ],
  [
    'whose text is too long for every platform',
    { ...X, text: 'a'.repeat(500_001) },
    ['text', 'must have at most 500000 characters', 'at most 500000 characters'],
  ],
  [
    'whose text is too long for X',
    { ...X, text: 'a'.repeat(281) },
    [
      'text',
      'weighs 281 characters as X counts them (a link 23, an emoji or a CJK character 2)',
      '280 weighted characters',
    ],
  ],
  [
    'whose signs weigh too much for X',
    { ...X, text: '漢'.repeat(141) },
    [
      'text',
      'weighs 282 characters as X counts them (a link 23, an emoji or a CJK character 2)',
      '280 weighted characters',
    ],
  ],
  [
    'whose text is too long for Bluesky',
    { ...BLUESKY, text: 'a'.repeat(301) },
    ['text', 'is too much for Bluesky: 301 characters', 'at most 300 characters'],
  ],
  [
    'whose caption is too long for Instagram',
    { ...INSTAGRAM, text: 'a'.repeat(2_201), media: [PICTURE] },
    ['text', 'has 2201 characters, more than Instagram takes', 'at most 2200 characters'],
  ],
  [
    'with too many hashtags for Instagram',
    { ...INSTAGRAM, text: '#a '.repeat(31), media: [PICTURE] },
    ['text', 'has 31 hashtags, more than Instagram takes', 'at most 30 hashtags'],
  ],
  [
    'whose text holds half a character',
    { ...X, text: 'a\ud83d' },
    ['text', 'must be well-formed Unicode (a surrogate stands alone)'],
  ],
  ['whose text holds NUL', { ...X, text: 'a\u0000b' }, ['text', 'must not contain the NUL character']],
  [
    'whose account holds half a character',
    { ...X, account: '\ude00' },
    ['account', 'must be well-formed Unicode (a surrogate stands alone)'],
  ],
  ['whose account holds NUL', { ...X, account: 'on-x\u0000' }, ['account', 'must not contain the NUL character']],
  [
    'whose alternative text holds NUL',
    { ...X, media: [{ ...PICTURE, altText: '\u0000' }] },
    ['media.0.altText', 'must not contain the NUL character'],
  ],
  ['whose options hold half a character', { ...BLUESKY, options: { langs: ['\ud83d'] } }, ['options.langs.0', PLAIN]],
  [
    'whose options have a key with NUL',
    { ...X, options: { 'a\u0000': 1 } },
    ['options', `has a key that is not stored as it is: it ${PLAIN}`],
  ],
]);

const MEDIA = rows('invalid_schedule', [
  ['with a type of media nobody takes', { ...X, media: [media('image/tiff', 9)] }, ['media.0.mediaType', TYPES]],
  ['with a page for its picture', { ...X, media: [media('text/html', 9)] }, ['media.0.mediaType', TYPES]],
  ['with an empty type of media', { ...X, media: [{ ...PICTURE, mediaType: '' }] }, ['media.0.mediaType', TYPES]],
  [
    'with media of no bytes',
    { ...X, media: [media('image/jpeg', 0)] },
    ['media.0.sizeBytes', 'must be more than 0', 'more than 0'],
  ],
  [
    'with media of minus one byte',
    { ...X, media: [{ ...PICTURE, sizeBytes: -1 }] },
    ['media.0.sizeBytes', 'must be more than 0', 'more than 0'],
  ],
  [
    'with media of half a byte',
    { ...X, media: [{ ...PICTURE, sizeBytes: 0.5 }] },
    ['media.0.sizeBytes', 'must be a whole number'],
  ],
  [
    'with a text for its size',
    { ...X, media: [{ ...PICTURE, sizeBytes: '1000' }] },
    ['media.0.sizeBytes', 'must be a number, not a string'],
  ],
  [
    'with media larger than any platform takes',
    { ...X, media: [media('video/mp4', 16 * 1024 ** 3 + 1)] },
    ['media.0.sizeBytes', 'must be at most 17179869184', 'at most 17179869184'],
  ],
  [
    'with a width of nothing',
    { ...X, media: [{ ...PICTURE, widthPx: 0 }] },
    ['media.0.widthPx', 'must be more than 0', 'more than 0'],
  ],
  [
    'with more media than any platform takes',
    { ...X, media: pictures(36) },
    ['media', 'must have at most 35 items', 'at most 35 items'],
  ],
  [
    'with an over-long alternative text',
    { ...X, media: [{ ...PICTURE, altText: 'a'.repeat(5_001) }] },
    ['media.0.altText', 'must have at most 5000 characters', 'at most 5000 characters'],
  ],
  ['with five photos for X', { ...X, media: pictures(5) }, ['media', 'has 5 photos', '4 photos, or 1 GIF, or 1 video']],
  [
    'with a GIF beside a photo for X',
    { ...X, media: [media('image/gif', 9), PICTURE] },
    ['media', 'mixes or repeats moving media', '4 photos, or 1 GIF, or 1 video'],
  ],
  [
    'with a photo too large for X',
    { ...X, media: [media('image/jpeg', 5_242_881)] },
    ['media.0.sizeBytes', 'is 5242881, more than X takes', '5242880 bytes'],
  ],
  [
    'with a video too large for X',
    { ...X, media: [media('video/mp4', 536_870_913)] },
    ['media.0.sizeBytes', 'is 536870913, more than X takes', '536870912 bytes'],
  ],
  [
    'with a video too long for X',
    { ...X, media: [{ ...media('video/mp4', 9), durationSeconds: 141 }] },
    ['media.0.durationSeconds', 'is 141, more than X takes', '140 seconds'],
  ],
  [
    'without media for Instagram',
    INSTAGRAM,
    ['media', 'is empty: Instagram takes no post without media', 'at least 1 item'],
  ],
  [
    'with eleven pictures for Instagram',
    { ...INSTAGRAM, media: pictures(11) },
    ['media', 'has 11 items, more than a carousel takes', 'at most 10 items'],
  ],
  [
    'with a PNG for Instagram',
    { ...INSTAGRAM, media: [media('image/png', 9)] },
    ['media.0.mediaType', 'is image/png: Instagram takes pictures as JPEG only', 'image/jpeg'],
  ],
  [
    'with a picture too large for Instagram',
    { ...INSTAGRAM, media: [PICTURE, media('image/jpeg', 8_388_609)] },
    ['media.1.sizeBytes', 'is 8388609 bytes, more than Instagram takes', 'at most 8388608 bytes'],
  ],
  [
    'with five images for Bluesky',
    { ...BLUESKY, media: pictures(5) },
    ['media', 'is too much for Bluesky: 5 images', 'at most 4 images'],
  ],
  [
    'with an image too large for Bluesky',
    { ...BLUESKY, media: [media('image/jpeg', 2_000_001)] },
    ['media.0.sizeBytes', 'is too much for Bluesky: 2000001 bytes per image', 'at most 2000000 bytes per image'],
  ],
  [
    'with a QuickTime video for Bluesky',
    { ...BLUESKY, media: [media('video/quicktime', 900)] },
    ['media.0.mediaType', 'must be video/mp4 for a video on Bluesky'],
  ],
]);

const ADDRESSES = rows(
  'invalid_schedule',
  [
    ['of another protocol', 'ftp://media.example/1.jpg'],
    ['of a file', 'file:///etc/passwd'],
    ['of a script', 'javascript:alert(1)'],
    ['of data', 'data:image/jpeg;base64,AAAA'],
    ['without a host', 'https://'],
    ['without a protocol', '//media.example/1.jpg'],
    ['in a folder', '../1.jpg'],
    ['that is empty', ''],
    ['with a space', 'https://media.example/a b.jpg'],
    ['with a line break', 'https://media.example/1.jpg\nHost: elsewhere.example'],
    ['with a password', 'https://ada:secret@media.example/1.jpg'],
  ].map(
    ([what, url]): Row => [
      `with a picture's address ${what}`,
      { ...X, media: [{ ...PICTURE, url }] },
      ['media.0.url', WEB],
    ],
  ),
).concat(
  rows('invalid_schedule', [
    [
      'with an over-long address',
      { ...X, media: [{ ...PICTURE, url: `${MEDIA_HOST}/${'a'.repeat(2_048)}` }] },
      ['media.0.url', 'must have at most 2048 characters', 'at most 2048 characters'],
    ],
    [
      'with a cover whose address is of a file',
      { ...INSTAGRAM, media: [media('video/mp4', 9)], options: { coverUrl: 'file:///etc/passwd' } },
      ['options.coverUrl', WEB],
    ],
  ]),
);

export const BAD_CONTENT = [...TEXTS, ...MEDIA, ...ADDRESSES];
