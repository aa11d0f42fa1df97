// Recognising our post among others: X rewrites links, escapes three signs, and adds a link to the media. What may be ours
// and is not surely is neither adopted nor called absent.
import { expect, test } from 'vitest';
import { findOurs, type Marks } from '../../../src/platforms/x/match.ts';
import type { TimelinePost } from '../../../src/platforms/x/timeline-wire.ts';
import { answering, attached, idAt, link, links, shown, shownAt } from './shown-posts.ts';

const SENT = Date.parse('2026-11-21T08:00:00Z');
const WINDOW = { fromMs: SENT - 5_000, toMs: SENT + 3_600_000 };
const NONE: ReadonlySet<string> = new Set();

const text = (words: string): Marks => ({ text: words, hasMedia: false, mediaKeys: [], replyTo: null });
const withMedia = (words: string, ...mediaKeys: string[]): Marks => ({ ...text(words), hasMedia: true, mediaKeys });
const reply = (words: string, replyTo = '1700000000000000001'): Marks => ({ ...text(words), replyTo });

function find(posts: readonly TimelinePost[], marks: Marks, taken: ReadonlySet<string> = NONE) {
  return findOurs(posts, marks, WINDOW, taken);
}

const SHORT = 'https://t.co/abcdefghij';

const OURS: readonly (readonly [why: string, ours: Marks, post: TimelinePost])[] = [
  ['nothing was changed', text('Hello'), shown('Hello')],
  ['accents are composed', text('Cafe\u0301'), shown('Caf\u00e9')],
  ['three signs are escaped', text('a < b & c > d &amp; e'), shown('a &lt; b &amp; c &gt; d &amp;amp; e')],
  [
    'links are shortened',
    text('see https://example.com/a?b=1&c=2 now'),
    shown(`see ${SHORT} now`, link(SHORT, 'https://example.com/a?b=1&c=2')),
  ],
  ['a bare domain got a scheme', text('read example.com'), shown(`read ${SHORT}`, link(SHORT, 'http://example.com'))],
  [
    'a host got a slash behind it',
    text('read https://example.com'),
    shown(`read ${SHORT}`, link(SHORT, 'https://example.com/')),
  ],
  ['a dollar sign is no pattern', text('https://a.com/?p=$&'), shown(SHORT, link(SHORT, 'https://a.com/?p=$&'))],
  [
    'the media has a link at the end',
    withMedia('A picture'),
    shown('A picture https://t.co/mediamedia', {
      ...attached('3_9'),
      ...link('https://t.co/mediamedia', 'https://x.com/ada/status/1/photo/1', '3_9'),
    }),
  ],
  [
    'the link to the media names the post itself',
    withMedia('A picture'),
    shown('A picture https://t.co/mediamedia', {
      ...attached('3_9'),
      ...link('https://t.co/mediamedia', `https://x.com/ada/status/${idAt('08:00:01')}/photo/1`),
    }),
  ],
  ['spaces around it are trimmed', text('  Hello \n'), shown('Hello')],
  [
    'a long text stands in the note',
    text(`${'a'.repeat(300)} & b`),
    shown(`${'a'.repeat(275)}… https://t.co/notenotenn`, { note_tweet: { text: `${'a'.repeat(300)} &amp; b` } }),
  ],
  [
    'the note has its newer name, and no entities',
    text(`${'a'.repeat(300)} & b`),
    shown(`${'a'.repeat(275)}…`, { note_post: { text: `${'a'.repeat(300)} &amp; b`, entities: null } }),
  ],
  [
    "it ends in a link to somebody's photo",
    text('look https://x.com/nasa/status/1700000000000000009/photo/1'),
    shown(`look ${SHORT}`, link(SHORT, 'https://x.com/nasa/status/1700000000000000009/photo/1')),
  ],
  [
    "X shows somebody's photo beside the link to it",
    text('look https://x.com/nasa/status/1700000000000000009/photo/1'),
    shown(`look ${SHORT}`, {
      ...attached('3_77'),
      ...link(SHORT, 'https://x.com/nasa/status/1700000000000000009/photo/1', '3_77'),
    }),
  ],
  [
    "it ends in a link to somebody's video, before the link to its own photo",
    withMedia('look https://x.com/nasa/status/1700000000000000009/video/1'),
    shown(`look ${SHORT} https://t.co/mediamedia`, {
      ...attached('3_9'),
      ...links(
        { url: SHORT, expanded_url: 'https://x.com/nasa/status/1700000000000000009/video/1' },
        { url: 'https://t.co/mediamedia', expanded_url: 'https://x.com/ada/status/1/photo/1', media_key: '3_9' },
      ),
    }),
  ],
  [
    'X has null where it could tell more',
    text('Hello'),
    shown('Hello', {
      attachments: { media_keys: null },
      entities: { urls: null },
      note_tweet: null,
      referenced_tweets: null,
    }),
  ],
  [
    'a quoted link is a reference too',
    text(`look https://x.com/bob/status/7`),
    shown(`look ${SHORT}`, {
      ...link(SHORT, 'https://x.com/bob/status/7'),
      referenced_tweets: [{ type: 'quoted', id: '7' }],
    }),
  ],
];

test.each(OURS)('our post is recognised when %s', (_why, ours, post) => {
  expect(find([post], ours)).toBe(post);
});

const DOUBTS: readonly (readonly [why: string, ours: Marks, post: TimelinePost])[] = [
  [
    'the host of a link has another case',
    text('see https://Example.com/a now'),
    shown(`see ${SHORT} now`, link(SHORT, 'https://example.com/a')),
  ],
  [
    'a link is percent-encoded',
    text('see https://example.com/ä now'),
    shown(`see ${SHORT} now`, link(SHORT, 'https://example.com/%C3%A4')),
  ],
  [
    'a host is in punycode',
    text('see https://münchen.de/ now'),
    shown(`see ${SHORT} now`, link(SHORT, 'https://xn--mnchen-3ya.de/')),
  ],
  [
    "a short link of the author's was resolved",
    text('see https://t.co/ourownlink now'),
    shown(`see ${SHORT} now`, link(SHORT, 'https://example.com/where-it-led')),
  ],
  [
    'twitter.com is x.com',
    text('see https://twitter.com/bob/status/7 now'),
    shown(`see ${SHORT} now`, link(SHORT, 'https://x.com/bob/status/7')),
  ],
  [
    'a link was followed to where it leads',
    text('see https://bit.ly/3 now'),
    shown(`see ${SHORT} now`, link(SHORT, 'https://example.com/a/long/way')),
  ],
  [
    'a link is not expanded',
    text('see https://a.com/b'),
    shown(`see ${SHORT}`, links({ url: SHORT, expanded_url: null })),
  ],
  ['a link has another scheme', text('see https://a.com/b'), shown(`see ${SHORT}`, link(SHORT, 'http://a.com/b'))],
  ['quotes are escaped', text('say "hi" & it\'s'), shown('say &quot;hi&quot; &amp; it&#39;s')],
  ['it is escaped twice', text('a & b'), shown('a &amp;amp; b')],
  ['an emoji came apart', text('team 👩‍💻 go'), shown('team 👩💻 go')],
  ['a space is one that does not break', text('10 000 euros'), shown('10\u00a0000 euros')],
  ['quotes are typographic', text('it\'s "so"'), shown('it’s “so”')],
  [
    'a long text is cut off',
    text('The whole of a text that is much too long for the list of posts to show'),
    shown('The whole of a text that is much too long for the list…'),
  ],
  [
    'the link behind it is not told about',
    withMedia('A picture'),
    shown('A picture https://t.co/mediamedia', attached('3_9')),
  ],
  [
    'the link at its end is not told about, and is ours to the letter',
    text('A picture https://t.co/mediamedia'),
    shown('A picture https://t.co/mediamedia'),
  ],
  ['X does not show its text', text('Hello'), shown(null)],
  [
    'it was edited since, and says something else',
    text('Hello'),
    shown('Goodbye all', { edit_history_tweet_ids: [idAt('08:00:01'), idAt('08:10:00')] }),
  ],
  [
    'it was edited since, in the newer words of X',
    text('Hello'),
    shown('Goodbye all', { edit_history_post_ids: [idAt('08:00:01'), idAt('08:10:00')] }),
  ],
  ['it shows media that we do not know', withMedia('Hello', '3_111'), shown('Hello', attached('3_999'))],
  ['it shows media, and ours has none', text('Hello'), shown('Hello', attached('3_999'))],
  ['it shows no media, and ours has some', withMedia('Hello', '3_111'), shown('Hello')],
  [
    'it shows no media, and X never said what ours are called',
    withMedia('Hello'),
    shown('Hello', { attachments: null }),
  ],
];

test.each(DOUBTS)('a post is neither ours nor not ours when %s', (_why, ours, post) => {
  expect(find([post], ours)).toBe('unclear');
});

const quoting = (...ids: readonly string[]) => ({ referenced_tweets: ids.map((id) => ({ type: 'quoted', id })) });

test('the same words above another post are another post, with the link to it in the text or without', () => {
  const LINKED = link(SHORT, 'https://x.com/bob/status/1700000000000000002');
  expect(find([shown('Well said', quoting('1700000000000000002'))], text('Well said'))).toBeNull();
  const withLink = shown(`Well said ${SHORT}`, { ...LINKED, ...quoting('1700000000000000002') });
  expect(find([withLink], text('Well said'))).toBeNull();
});

test('a quote is ours when a link of ours names the post that it quotes, and in doubt when none of ours does', () => {
  const ours = text('Well said https://x.com/bob/status/1700000000000000001?s=20');
  const quote = (...ids: readonly string[]) =>
    shown(`Well said ${SHORT}`, {
      ...link(SHORT, 'https://x.com/bob/status/1700000000000000001?s=20'),
      ...quoting(...ids),
    });
  const toOurs = quote('1700000000000000001');
  expect(find([toOurs], ours)).toBe(toOurs);
  expect(find([quote('17000000000000000011')], ours)).toBe('unclear');
  expect(find([quote('1700000000000000001', '1700000000000000002')], ours)).toBe('unclear');
  // A short address of the author's may lead to any post.
  const short = text('Well said https://t.co/ourownlink');
  expect(find([shown('Well said https://t.co/ourownlink', quoting('1700000000000000002'))], short)).toBe('unclear');
});

const NOT_OURS: readonly (readonly [why: string, post: TimelinePost])[] = [
  ['it says something else', shown('Goodbye')],
  ['it was made before ours was sent', shownAt('07:59:54', 'Hello')],
  ['it was made long after', shownAt('09:00:01', 'Hello')],
  ['it answers another post, and ours answers none', shown('Hello', answering('1700000000000000001'))],
  ['it is a repost', shown('RT @bob: Hello', { referenced_tweets: [{ type: 'retweeted', id: '7' }] })],
];

test.each(NOT_OURS)('a post is not ours when %s', (_why, post) => {
  expect(find([post], text('Hello'))).toBeNull();
});

test('a reply is ours when it names the post that ours replies to, by either name of the field', () => {
  const post = shown('@ada @bob I agree', answering('1700000000000000001'));
  expect(find([post], reply('I agree'))).toBe(post);
  const renamed = shown('I agree', { referenced_posts: [{ type: 'replied_to', id: '1700000000000000001' }] });
  expect(find([renamed], reply('I agree'))).toBe(renamed);
});

test('the same canned words under another post are another post', () => {
  const [toB, toA] = [
    shown('Thank you!', { id: idAt('08:00:01', 1n), ...answering('1700000000000000002') }),
    shown('Thank you!', answering('1700000000000000001')),
  ];
  expect(find([toB], reply('Thank you!'))).toBeNull();
  expect(find([toB, toA], reply('Thank you!'))).toBe(toA);
});

test.each([
  ['nothing at all', {}],
  ['null', { referenced_tweets: null }],
  ['an empty list', { referenced_tweets: [] }],
  ['a quoted post alone', { referenced_tweets: [{ type: 'quoted', id: '1700000000000000001' }] }],
  ['something unreadable', { referenced_tweets: 'many' }],
])('a reply of which X tells %s is in doubt: it is neither ours nor absent', (_what, told) => {
  expect(find([shown('@bob I agree', told)], reply('I agree'))).toBe('unclear');
  const ours = { ...reply('I agree'), hasMedia: true, mediaKeys: ['3_9'] };
  expect(find([shown('I agree', { ...attached('3_9'), ...told })], ours)).toBe('unclear');
  expect(find([shown('Something else', told)], reply('I agree'))).toBeNull();
});

test('a post that answers somebody, X does not say what, is in doubt unless it begins with a mention', () => {
  const answer = shown('Hello', { in_reply_to_user_id: '7' });
  expect(find([answer], text('Hello'))).toBe('unclear');
  const mention = shown('@bob hello', { in_reply_to_user_id: '7' });
  expect(find([mention], text('@bob hello'))).toBe(mention);
});

test("a post made within five seconds before the send is ours: X's clock may be behind", () => {
  const early = shownAt('07:59:55', 'Hello');
  expect(find([early], text('Hello'))).toBe(early);
});

test('a post without a date is dated by its id', () => {
  const undated = shown('Hello', { created_at: null });
  expect(find([undated], text('Hello'))).toBe(undated);
});

test('an edited post is dated by its first version too', () => {
  const edited = shownAt('09:30:00', 'Hello', { edit_history_tweet_ids: [idAt('08:00:01'), idAt('09:30:00')] });
  expect(find([edited], text('Hello'))).toBe(edited);
});

test('of several with our text the oldest is ours, by number and not by letters', () => {
  const [older, newer] = [shown('Hello', { id: '999' }), shown('Hello', { id: '1000' })];
  expect(find([newer, older], text('Hello'))).toBe(older);
});

test('a post that belongs to another schedule is never ours, nor a reason to doubt, under whichever of its ids', () => {
  const [older, newer] = [shown('Hello', { id: '999' }), shown('Hello', { id: '1000' })];
  expect(find([newer, older], text('Hello'), new Set(['999']))).toBe(newer);
  expect(find([older], withMedia('Hello', '3_9'), new Set(['999']))).toBeNull();
  const edited = shown('Hello!', { id: '1001', edit_history_tweet_ids: ['999', '1001'] });
  expect(find([edited], text('Hello'), new Set(['999']))).toBeNull();
});

test('a medium of ours decides before a text', () => {
  const sameText = shown('Hello', { id: '999' });
  const sameMedium = shown('Something else', { id: '1000', ...attached('3_8', '3_9') });
  expect(find([sameMedium, sameText], withMedia('Hello', '3_9'))).toBe(sameMedium);
});

test('what is surely ours is not doubted for what may be', () => {
  const [theirs, plain] = [shown('Hello', { id: '999', ...attached('3_999') }), shown('Hello')];
  expect(find([theirs, plain], text('Hello'))).toBe(plain);
});

test('a post with media and no text is recognised by its medium alone', () => {
  const ours = shown('https://t.co/mediamedia', { id: '1000', ...attached('3_9') });
  expect(find([ours, shown('', { id: '999' })], withMedia('', '3_9'))).toBe(ours);
  expect(find([shown('')], withMedia('', '3_9'))).toBeNull();
  expect(find([shown('Words')], withMedia('', '3_9'))).toBeNull();
});

test('a post with media and no text is in doubt where another shows media and no text, which X may call otherwise', () => {
  const other = shown('https://t.co/mediamedia', { id: '1000', ...attached('3_77') });
  for (const keys of [['3_9'], []]) expect(find([other], withMedia('', ...keys))).toBe('unclear');
  expect(find([other], withMedia('', '3_9'), new Set(['1000']))).toBeNull();
  const mentions = shown('@bob @ada https://t.co/mediamedia', attached('3_77'));
  expect(find([mentions], withMedia('', '3_9'))).toBeNull();
  expect(find([mentions], { ...reply(''), hasMedia: true, mediaKeys: ['3_9'] })).toBe('unclear');
});
