// Recognising our post among others: X rewrites links, escapes three signs, and adds a link to the media.
import { expect, test } from 'vitest';
import { findOurs, madeAtMs, originalText } from '../../../src/platforms/x/match.ts';
import type { TimelinePost } from '../../../src/platforms/x/wire.ts';

const SENT = Date.parse('2026-11-21T08:00:00Z');
const WINDOW = { fromMs: SENT - 5_000, toMs: SENT + 3_600_000 };
const NONE: ReadonlySet<string> = new Set();

/** An id X would give a post at this instant. */
const idAt = (time: string, sequence = 0n) =>
  (((BigInt(Date.parse(`2026-11-21T${time}Z`)) - 1_288_834_974_657n) << 22n) + sequence).toString();

const shown = (text: string, more: Partial<TimelinePost> = {}): TimelinePost => {
  const created_at = '2026-11-21T08:00:01.000Z';
  return { id: idAt('08:00:01'), text, created_at, ...more };
};
const link = (url: string, expanded_url: string, media_key?: string) => ({
  entities: { urls: [{ url, expanded_url, ...(media_key ? { media_key } : {}) }] },
});
const marks = (text: string, mediaKeys: readonly string[] = [], isReply = false, hasMedia = true) => ({
  text,
  hasMedia,
  mediaKeys,
  isReply,
});

const SAME_TEXT: readonly (readonly [why: string, ours: string, post: TimelinePost])[] = [
  ['nothing was changed', 'Hello', shown('Hello')],
  ['accents are composed', 'Cafe\u0301', shown('Caf\u00e9')],
  ['three signs are escaped', 'a < b & c > d &amp; e', shown('a &lt; b &amp; c &gt; d &amp;amp; e')],
  [
    'links are shortened',
    'see https://example.com/a?b=1&c=2 now',
    shown('see https://t.co/abcdefghij now', link('https://t.co/abcdefghij', 'https://example.com/a?b=1&c=2')),
  ],
  [
    'a bare domain got a scheme',
    'read example.com',
    shown('read https://t.co/abcdefghij', link('https://t.co/abcdefghij', 'http://example.com')),
  ],
  [
    'a link got a slash at its end',
    'read https://example.com',
    shown('read https://t.co/abcdefghij', link('https://t.co/abcdefghij', 'https://example.com/')),
  ],
  [
    'a dollar sign is no pattern',
    'https://a.com/?p=$&',
    shown('https://t.co/abcdefghij', link('https://t.co/abcdefghij', 'https://a.com/?p=$&')),
  ],
  [
    'the media has a link at the end',
    'A picture',
    shown('A picture https://t.co/mediamedia', {
      attachments: { media_keys: ['3_9'] },
      ...link('https://t.co/mediamedia', 'https://x.com/ada/status/1/photo/1', '3_9'),
    }),
  ],
  [
    'the link to the media has no entity',
    'A picture',
    shown('A picture https://t.co/mediamedia', { attachments: { media_keys: ['3_9'] } }),
  ],
  ['spaces around it are trimmed', '  Hello \n', shown('Hello')],
  [
    'a long text stands in the note',
    `${'a'.repeat(300)} & b`,
    shown(`${'a'.repeat(275)}… https://t.co/notenotenn`, { note_tweet: { text: `${'a'.repeat(300)} &amp; b` } }),
  ],
];

test.each(SAME_TEXT)('our text is recognised when %s', (_why, ours, post) => {
  expect(findOurs([post], marks(ours), WINDOW, NONE)).toBe(post);
});

test('a reply is recognised behind the mentions X puts before it', () => {
  const post = shown('@ada @bob I agree');
  expect(findOurs([post], marks('I agree', [], true), WINDOW, NONE)).toBe(post);
  expect(findOurs([post], marks('I agree'), WINDOW, NONE)).toBeNull();
});

const NOT_OURS: readonly (readonly [why: string, post: TimelinePost])[] = [
  ['it says something else', shown('Hello there')],
  [
    'it was made before ours was sent',
    shown('Hello', { id: idAt('07:59:54'), created_at: '2026-11-21T07:59:54.000Z' }),
  ],
  ['it was made long after', shown('Hello', { id: idAt('09:00:01'), created_at: '2026-11-21T09:00:01.000Z' })],
  [
    'it links to something else',
    shown('Hello https://t.co/abcdefghij', link('https://t.co/abcdefghij', 'https://example.com/b')),
  ],
];

test.each(NOT_OURS)('a post is not ours when %s', (_why, post) => {
  expect(findOurs([post], marks('Hello'), WINDOW, NONE)).toBeNull();
});

test("a post made within five seconds before the send is ours: X's clock may be behind", () => {
  const early = shown('Hello', { id: idAt('07:59:55'), created_at: '2026-11-21T07:59:55.000Z' });
  expect(findOurs([early], marks('Hello'), WINDOW, NONE)).toBe(early);
});

test('a post without a date is dated by its id', () => {
  const { created_at: _date, ...undated } = shown('Hello');
  expect(madeAtMs(undated)).toBe(Date.parse('2026-11-21T08:00:01Z'));
  expect(findOurs([undated], marks('Hello'), WINDOW, NONE)).toBe(undated);
});

test('of several with our text the oldest is ours, by number and not by letters', () => {
  const [older, newer] = [shown('Hello', { id: '999' }), shown('Hello', { id: '1000' })];
  expect(findOurs([newer, older], marks('Hello'), WINDOW, NONE)).toBe(older);
});

test('a post that belongs to another schedule is never ours', () => {
  const [older, newer] = [shown('Hello', { id: '999' }), shown('Hello', { id: '1000' })];
  expect(findOurs([newer, older], marks('Hello'), WINDOW, new Set(['999']))).toBe(newer);
  expect(findOurs([older], marks('Hello', ['3_9']), WINDOW, new Set(['999']))).toBeNull();
});

test('a medium of ours decides before a text', () => {
  const sameText = shown('Hello', { id: '999' });
  const sameMedium = shown('Something else', { id: '1000', attachments: { media_keys: ['3_8', '3_9'] } });
  expect(findOurs([sameMedium, sameText], marks('Hello', ['3_9']), WINDOW, NONE)).toBe(sameMedium);
});

test('a post with our text and media that we do not know is neither ours nor not ours', () => {
  const [theirs, plain] = [shown('Hello', { id: '999', attachments: { media_keys: ['3_999'] } }), shown('Hello')];
  expect(findOurs([theirs], marks('Hello', ['3_111']), WINDOW, NONE)).toBe('unclear');
  expect(findOurs([theirs], marks('Hello', [], false, false), WINDOW, NONE)).toBe('unclear');
  expect(findOurs([theirs, plain], marks('Hello', [], false, false), WINDOW, NONE)).toBe(plain);
  expect(findOurs([theirs], marks('Something else', [], false, false), WINDOW, NONE)).toBeNull();
});

test('a post with media and no text is recognised by its medium alone', () => {
  const other = shown('', { id: '999' });
  const ours = shown('https://t.co/mediamedia', { id: '1000', attachments: { media_keys: ['3_9'] } });
  expect(findOurs([ours, other], marks('', ['3_9']), WINDOW, NONE)).toBe(ours);
  expect(findOurs([other], marks('', ['3_9']), WINDOW, NONE)).toBeNull();
  expect(findOurs([shown('Words')], marks('', ['3_9']), WINDOW, NONE)).toBeNull();
});

test('a post with media and no text is in doubt where another shows media and no text, which X may call otherwise', () => {
  const other = shown('https://t.co/mediamedia', { id: '1000', attachments: { media_keys: ['3_77'] } });
  for (const keys of [['3_9'], []]) expect(findOurs([other], marks('', keys), WINDOW, NONE)).toBe('unclear');
  const reply = { ...other, text: '@bob @ada https://t.co/mediamedia' };
  expect(findOurs([reply], marks('', ['3_9'], true), WINDOW, NONE)).toBe('unclear');
  expect(findOurs([reply], marks('', ['3_9']), WINDOW, NONE)).toBeNull();
  expect(findOurs([other], marks('', ['3_9']), WINDOW, new Set(['1000']))).toBeNull();
  expect(findOurs([other], marks('', [], false, false), WINDOW, NONE)).toBeNull();
});

test("a link to another's photo at the end of our text stays", () => {
  const text = 'look https://x.com/bob/status/7/photo/1';
  const entities = {
    urls: [
      { url: 'https://t.co/abcdefghij', expanded_url: 'https://x.com/bob/status/7/photo/1' },
      { url: 'https://t.co/mediamedia', expanded_url: 'https://x.com/ada/status/1/photo/1', media_key: '3_9' },
    ],
  };
  const post = shown('look https://t.co/abcdefghij https://t.co/mediamedia', {
    attachments: { media_keys: ['3_9'] },
    entities,
  });
  expect(originalText(post)).toBe(text);
});
