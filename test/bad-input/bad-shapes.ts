// Posts of the wrong shape: wrong types, unknown keys at every level, keys that poison prototypes.
import { INSTAGRAM, PICTURE, rows, X } from './bad-post.ts';

const UNKNOWN = 'is not a known field';

const WRONG_TYPES = rows('invalid_schedule', [
  ['that is null', null, ['', 'must be an object, not null']],
  ['that is a list', [X], ['', 'must be an object, not a list']],
  ['that is a text', 'Hello', ['', 'must be an object, not a string']],
  ['that is a number', 7, ['', 'must be an object']],
  ['that is empty', {}, ['account', 'is missing: it must be a string']],
  [
    'with null in its fields',
    { account: null, text: null, platform: null, media: null, approvalRequired: null },
    ['account', 'must be a string, not null'],
    ['platform', 'must be a string, not null'],
    ['text', 'must be a string, not null'],
    ['media', 'must be a list, not null'],
    ['approvalRequired', 'must be true or false, not null'],
  ],
  [
    'with lists in its fields',
    { account: [], text: ['Hello'], platform: [], approvalRequired: [] },
    ['account', 'must be a string, not a list'],
    ['platform', 'must be a string, not a list'],
    ['text', 'must be a string, not a list'],
    ['approvalRequired', 'must be true or false, not a list'],
  ],
]);

const WRONG_FIELDS = rows('invalid_schedule', [
  [
    'with an empty account',
    { ...X, account: '' },
    ['account', 'must have at least 1 character', 'at least 1 character'],
  ],
  [
    'with an over-long account',
    { ...X, account: 'a'.repeat(129) },
    ['account', 'must have at most 128 characters', 'at most 128 characters'],
  ],
  [
    'with an empty platform',
    { ...X, platform: '' },
    ['platform', 'must have at least 1 character', 'at least 1 character'],
  ],
  [
    'with an over-long platform',
    { ...X, platform: 'x'.repeat(65) },
    ['platform', 'must have at most 64 characters', 'at most 64 characters'],
  ],
  ['with a number for its text', { ...X, text: 7 }, ['text', 'must be a string']],
  ['with an object for its text', { ...X, text: { en: 'Hello' } }, ['text', 'must be a string, not an object']],
  [
    'with a word for a flag',
    { ...X, approvalRequired: 'true' },
    ['approvalRequired', 'must be true or false, not a string'],
  ],
  ['with a number for a flag', { ...X, approvalRequired: 1 }, ['approvalRequired', 'must be true or false']],
  ['with an unknown mode', { ...X, mode: 'later' }, ['mode', 'must be one of publish, handoff']],
  ['with an object for its media', { ...X, media: PICTURE }, ['media', 'must be a list, not an object']],
  ['with null among its media', { ...X, media: [null] }, ['media.0', 'must be an object, not null']],
  ['with unknown keys', { ...X, txet: 'a', media_ids: [] }, ['txet', UNKNOWN], ['media_ids', UNKNOWN]],
  ['with an unknown key in its media', { ...X, media: [{ ...PICTURE, alt: 'a' }] }, ['media.0.alt', UNKNOWN]],
  ['with an option nobody knows', { ...X, options: { speed: 'fast' } }, ['options.speed', UNKNOWN]],
  [
    'with an unknown key deep in its options',
    { ...INSTAGRAM, media: [PICTURE], options: { userTags: [{ username: 'ada', x: 0.5, y: 0.5, z: 1 }] } },
    ['options.userTags.0.z', UNKNOWN],
  ],
  [
    'with a key named __proto__',
    JSON.parse('{"account":"on-x","text":"Hello","__proto__":{"text":"a"}}'),
    ['__proto__', UNKNOWN],
  ],
  ['with a key named constructor', { ...X, constructor: { prototype: { text: 'a' } } }, ['constructor', UNKNOWN]],
  [
    'with __proto__ in its media',
    { ...X, media: [JSON.parse(JSON.stringify(PICTURE).replace('{', '{"__proto__":{"altText":"a"},'))] },
    ['media.0.__proto__', UNKNOWN],
  ],
  [
    'with __proto__ for an option',
    { ...X, options: JSON.parse('{"__proto__":{"textLimit":25000}}') },
    ['options.__proto__', UNKNOWN],
  ],
  [
    'with __proto__ deep in its options',
    { ...INSTAGRAM, media: [PICTURE], options: JSON.parse('{"userTags":[{"username":"ada","__proto__":{"x":1}}]}') },
    ['options.userTags.0.__proto__', UNKNOWN],
  ],
  [
    'with constructor for an option',
    { ...X, options: JSON.parse('{"constructor":{"prototype":{}}}') },
    ['options.constructor', UNKNOWN],
  ],
]);

export const BAD_SHAPES = [...WRONG_TYPES, ...WRONG_FIELDS];
