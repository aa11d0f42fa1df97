// What becomes clickable, and at which UTF-8 bytes.
import { expect, test } from 'vitest';
import { type Facet, facetsOf, mentionedHandles } from '../../../src/platforms/bluesky/facets.ts';

const DIDS = new Map([
  ['alice.test', 'did:plc:alice'],
  ['bob.example.com', 'did:plc:bob'],
]);

const link = (byteStart: number, byteEnd: number, uri: string): Facet => ({
  index: { byteStart, byteEnd },
  features: [{ $type: 'app.bsky.richtext.facet#link', uri }],
});
const mention = (byteStart: number, byteEnd: number, did: string): Facet => ({
  index: { byteStart, byteEnd },
  features: [{ $type: 'app.bsky.richtext.facet#mention', did }],
});
const tag = (byteStart: number, byteEnd: number, name: string): Facet => ({
  index: { byteStart, byteEnd },
  features: [{ $type: 'app.bsky.richtext.facet#tag', tag: name }],
});

const TABLE: readonly (readonly [string, readonly Facet[]])[] = [
  ['nothing to click', []],
  ['', []],
  ['see https://example.com/a?b=c#d', [link(4, 31, 'https://example.com/a?b=c#d')]],
  ['see https://example.com.', [link(4, 23, 'https://example.com')]],
  ['(https://example.com/x)', [link(1, 22, 'https://example.com/x')]],
  ['https://en.wikipedia.org/wiki/Go_(game)', [link(0, 39, 'https://en.wikipedia.org/wiki/Go_(game)')]],
  ['no link: https:// and xhttps://example.com', []],
  ['é https://example.com', [link(3, 22, 'https://example.com')]],
  ['👩‍👩‍👧 https://example.com', [link(19, 38, 'https://example.com')]],
  ['日本語\nhttps://example.com', [link(10, 29, 'https://example.com')]],
  // Bare domains: under a top-level domain that exists, with what follows them.
  ['read example.com/a, then bsky.app.', [link(5, 18, 'https://example.com/a'), link(25, 33, 'https://bsky.app')]],
  ['(bsky.app)', [link(1, 9, 'https://bsky.app')]],
  ['index.html, e.g. this.that, 1.5 and EXAMPLE.COM are words', []],
  ['my-site.com and me@example.com are words too', []],
  ['hello @alice.test!', [mention(6, 17, 'did:plc:alice')]],
  ['(@bob.example.com)', [mention(1, 17, 'did:plc:bob')]],
  ['ü@alice.test and alice@alice.test', []],
  ['@nobody.test stays text', []],
  ['@alice has no dot', []],
  ['new #TypeScript!', [tag(4, 15, 'TypeScript')]],
  ['#été2026 and #1 and #2nd', [tag(0, 10, 'été2026'), tag(22, 26, '2nd')]],
  ['a#b is no tag, nor # alone, nor #️⃣', []],
  ['＃全角', [tag(0, 9, '全角')]],
  [`#${'x'.repeat(64)}`, [tag(0, 65, 'x'.repeat(64))]],
  [`#${'x'.repeat(65)}`, []],
  ['soft#no #a\u200Bb', [tag(8, 10, 'a')]],
  ['$aapl and ($TSLA), not $5 nor $TOOLONG', [tag(0, 5, '$AAPL'), tag(11, 16, '$TSLA')]],
  [
    '@alice.test wrote https://example.com/#x for #go',
    [mention(0, 11, 'did:plc:alice'), link(18, 40, 'https://example.com/#x'), tag(45, 48, 'go')],
  ],
];

/** Where Bluesky's own rules break what a reader would click, or what a server would take. */
const BETTER: readonly (readonly [string, readonly Facet[]])[] = [
  // A mark of a CJK text ends a link, and one may begin after it: there are no spaces.
  ['https://example.com/a。次の文', [link(0, 21, 'https://example.com/a')]],
  [
    'https://example.com/a、https://example.com/b！',
    [link(0, 21, 'https://example.com/a'), link(24, 45, 'https://example.com/b')],
  ],
  ['全角（https://example.com/a）です', [link(9, 30, 'https://example.com/a')]],
  ['请看：example.com，谢谢', [link(9, 20, 'https://example.com')]],
  ['「https://example.com」を参照', [link(3, 22, 'https://example.com')]],
  ['https://example.com…', [link(0, 19, 'https://example.com')]],
  ['看 https://example.com”。', [link(4, 23, 'https://example.com')]],
  // A letter of one ends a bare domain, and stays in a path.
  ['example.comは良い', [link(0, 11, 'https://example.com')]],
  ['example.com은 example.com/은', [link(0, 11, 'https://example.com'), link(15, 30, 'https://example.com/은')]],
  ['https://ja.wikipedia.org/wiki/ジョン・レノン', [link(0, 51, 'https://ja.wikipedia.org/wiki/ジョン・レノン')]],
  // A bracket stays in a link where it was opened in it, and nowhere else.
  ['(see https://en.wikipedia.org/wiki/Go_(game))', [link(5, 44, 'https://en.wikipedia.org/wiki/Go_(game)')]],
  ['(see https://example.com/a.)', [link(5, 26, 'https://example.com/a')]],
  ['(see https://example.com/a),', [link(5, 26, 'https://example.com/a')]],
  ['((https://example.com/a))', [link(2, 23, 'https://example.com/a')]],
  ['[see https://example.com/a]', [link(5, 26, 'https://example.com/a')]],
  [
    'https://example.com/a[0] {x: example.com}',
    [link(0, 24, 'https://example.com/a[0]'), link(29, 40, 'https://example.com')],
  ],
  ['https://example.com/(@alice.test', [link(0, 32, 'https://example.com/(@alice.test')]],
  // Capitals are no other scheme, and no other handle.
  ['HTTP://EXAMPLE.COM now', [link(0, 18, 'HTTP://EXAMPLE.COM')]],
  ['hello @Alice.Test.', [mention(6, 17, 'did:plc:alice')]],
  // Bluesky's apps link these as they are written, or hold them to be URIs: a server refuses the whole post.
  ['httpbin.org and http.notatld', [link(0, 11, 'https://httpbin.org')]],
  ['https:///path and https://.', []],
  [`#${`a${'\u0301'.repeat(8)}`.repeat(40)}`, []],
];

test.each(TABLE)('in "%s"', (text, expected) => {
  expect(facetsOf(text, DIDS)).toEqual(expected);
});

test.each(BETTER)('better than Bluesky in "%s"', (text, expected) => {
  expect(facetsOf(text, DIDS)).toEqual(expected);
});

test('a handle is asked for once, in lower case', () => {
  expect(mentionedHandles('@Alice.test @alice.TEST (@bob.example.com) @x @-a.test @a..com @a.notatld')).toEqual([
    'alice.test',
    'bob.example.com',
  ]);
});
