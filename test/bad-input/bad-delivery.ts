// Posts for no account, at no time, under no id, or with options nobody takes.
import { BLUESKY, type Row, rows, X } from './bad-post.ts';

const WHEN = 'must be an ISO 8601 instant with an offset, like 2026-12-01T09:00:00Z';
const ID = 'must be 1 to 128 letters, digits, dots, dashes or underscores, and begin with a letter or digit';
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

const TIMES = rows('invalid_schedule', [
  ...[
    ['in words', 'tomorrow'],
    ['that is empty', ''],
    ['without an offset', '2027-01-01T09:00:00'],
    ['without minutes', '2027-01-01T09Z'],
    ['of a day alone', '2027-01-01'],
    ['on a day there is not', '2027-02-30T09:00:00Z'],
    ['at an hour there is not', '2027-01-01T25:00:00Z'],
    ['with an offset there is not', '2027-01-01T09:00:00+25:00'],
    ['of five places for the year', '10000-01-01T00:00:00Z'],
    ['with something behind it', '2027-01-01T09:00:00Z; drop table schedules'],
    ['as a number', 1_798_761_600_000],
  ].map(([what, publishAt]): Row => [`with a time ${what}`, { ...X, publishAt }, ['publishAt', WHEN]]),
  [
    'with a time in the past',
    { ...X, publishAt: '2020-01-01T00:00:00Z' },
    ['publishAt', 'lies in the past', 'not before <instant>'],
  ],
  [
    'with a time in the year 1',
    { ...X, publishAt: '0001-01-01T00:00:00Z' },
    ['publishAt', 'lies in the past', 'not before <instant>'],
  ],
  [
    'with a time in the year 9999',
    { ...X, publishAt: '9999-12-31T23:59:59Z' },
    ['publishAt', 'lies too far ahead', 'at most 730 days ahead'],
  ],
  [
    'with a time past the last year',
    { ...X, publishAt: '9999-12-31T23:59:59-23:59' },
    ['publishAt', 'lies too far ahead', 'at most 730 days ahead'],
  ],
]);

const IDS = rows(
  'invalid_schedule',
  [
    ['is empty', ''],
    ['is a path', '../../etc/passwd'],
    ['is two dots', '..'],
    ['has a slash', 'a/b'],
    ['has a percent sign', 'a%2Fb'],
    ['has a space', 'a b'],
    ['has a line break', 'a\n'],
    ['begins with a dash', '-a'],
    ['is no ASCII', 'größe'],
    ['is too long', 'a'.repeat(129)],
  ].map(([what, id]): Row => [`whose id ${what}`, { ...X, id }, ['id', ID]]),
).concat(rows('invalid_schedule', [['whose id is a number', { ...X, id: 7 }, ['id', 'must be a string']]]));

const OPTIONS = rows('invalid_schedule', [
  ['with null for its options', { ...X, options: null }, ['options', 'must be an object']],
  ['with a list for its options', { ...X, options: [] }, ['options', 'must be an object']],
  ['with a text for its options', { ...X, options: '{}' }, ['options', 'must be an object']],
  [
    'with huge options',
    { ...X, options: Object.fromEntries(Array.from({ length: 3_000 }, (_, key) => [`key${key}`, 0])) },
    ['options', 'has 34891 bytes of JSON', 'at most 16384 bytes'],
  ],
  [
    'with options that are long in UTF-8 alone',
    { ...X, options: { a: '漢'.repeat(10_000) } },
    ['options', 'has 30008 bytes of JSON', 'at most 16384 bytes'],
  ],
  [
    'with options nested too deeply',
    { ...X, options: { a: nested(17) } },
    ['options', 'is nested too deeply', 'at most 16 levels'],
  ],
  [
    'with a text limit no account has',
    { ...X, options: { textLimit: 25_001 } },
    ['options.textLimit', 'must be at most 25000', 'at most 25000'],
  ],
  [
    'with a text for a number among its options',
    { ...X, options: { textLimit: '280' } },
    ['options.textLimit', 'must be a number, not a string'],
  ],
  [
    'with more languages than Bluesky takes',
    { ...BLUESKY, options: { langs: ['en', 'de', 'fr', 'it'] } },
    ['options.langs', 'must have at most 3 items', 'at most 3 items'],
  ],
]);

const ACCOUNTS = [
  ...rows('unknown_account', [
    [
      'for an account nobody connected',
      { ...X, account: 'nobody' },
      ['account', '"nobody" is not a connected account of this workspace'],
    ],
    [
      'for an account by another platform',
      { ...X, platform: 'instagram' },
      ['account', '"on-x" is not a connected account of this workspace'],
    ],
    [
      'for a platform there is not',
      { ...X, platform: 'myspace' },
      ['account', '"on-x" is not a connected account of this workspace'],
    ],
    [
      'for an account that was deleted',
      { ...X, account: 'gone' },
      ['account', '"gone" is not a connected account of this workspace'],
    ],
    [
      'for an account by the name of another workspace',
      { ...X, account: 'theirs' },
      ['account', '"theirs" is not a connected account of this workspace'],
    ],
  ]),
  ...rows('ambiguous_account', [
    [
      'for an account whose name several have',
      { ...X, account: 'double' },
      ['account', 'matches several accounts (x:<id>, instagram:<id>); name one by its id'],
    ],
  ]),
];

export const BAD_DELIVERY = [...TIMES, ...IDS, ...OPTIONS, ...ACCOUNTS];
