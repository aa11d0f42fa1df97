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
  ['HTTP://EXAMPLE.COM now', [link(0, 18, 'HTTP://EXAMPLE.COM')]],
  ['no link: https:// and xhttps://example.com', []],
  ['é https://example.com', [link(3, 22, 'https://example.com')]],
  ['👩‍👩‍👧 https://example.com', [link(19, 38, 'https://example.com')]],
  ['日本語\nhttps://example.com', [link(10, 29, 'https://example.com')]],
  ['hello @alice.test!', [mention(6, 17, 'did:plc:alice')]],
  ['hello @Alice.Test.', [mention(6, 17, 'did:plc:alice')]],
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
  [
    '@alice.test wrote https://example.com/#x for #go',
    [mention(0, 11, 'did:plc:alice'), link(18, 40, 'https://example.com/#x'), tag(45, 48, 'go')],
  ],
];

test.each(TABLE)('in "%s"', (text, expected) => {
  expect(facetsOf(text, DIDS)).toEqual(expected);
});

test('a handle is asked for once, in lower case', () => {
  expect(mentionedHandles('@Alice.test @alice.TEST (@bob.example.com) @x @-a.test @a..b')).toEqual([
    'alice.test',
    'bob.example.com',
  ]);
});
