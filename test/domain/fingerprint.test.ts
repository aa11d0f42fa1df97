// The version of a post (DESIGN section 6): its canonical JSON and SHA-256, written out, and what an approval binds to.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { approvalHolds, type FingerprintedPost, fingerprintText } from '../../src/domain/gate/fingerprint.ts';
import { sha256Hex } from '../../src/runtime/ids.ts';

const POST: FingerprintedPost = {
  platform: 'x',
  accountId: 'a1',
  content: { text: 'Hello', media: [] },
  delivery: { publishAt: null, mode: 'publish', approvalRequired: false, options: {} },
};

const PICTURES: FingerprintedPost = {
  platform: 'instagram',
  accountId: 'a1',
  content: {
    text: 'Grüße 😀 €',
    media: [
      { url: 'https://a.test/1.png', mediaType: 'image/png', sizeBytes: 12, altText: 'A "cat"\n\u0007' },
      { url: 'https://a.test/2.png', mediaType: 'image/png', sizeBytes: 34 },
    ],
  },
  delivery: {
    publishAt: null,
    mode: 'handoff',
    approvalRequired: true,
    options: { ﬃ: 3, aa: 'x', '😀': 2, a: { b: [1e21, 1e-6, 1.0, -0, null, true] }, '€': 1 },
  },
};

const at = (publishAt: string): FingerprintedPost => ({ ...POST, delivery: { ...POST.delivery, publishAt } });

/** Text by RFC 8785 and its digest; both were made without this project's code. */
const VECTORS = [
  [
    'the smallest post',
    POST,
    '{"accountId":"a1","content":{"media":[],"text":"Hello"},"delivery":{"approvalRequired":false,"mode":"publish",' +
      '"options":{},"publishAt":null},"platform":"x"}',
    'c897261bd0c3b3006754704a4548790861a59eecac95736481b43db997e7320d',
  ],
  [
    'a time, as an instant in UTC',
    at('2026-12-01T10:00:00+01:00'),
    '{"accountId":"a1","content":{"media":[],"text":"Hello"},"delivery":{"approvalRequired":false,"mode":"publish",' +
      '"options":{},"publishAt":"2026-12-01T09:00:00.000Z"},"platform":"x"}',
    'e08b3aae28ede30a1ea98c6b02d42feee8c948e6502bf2e8ee18ef89595d2c2d',
  ],
  [
    'media in their order, options in the order of UTF-16, numbers in their shortest form',
    PICTURES,
    '{"accountId":"a1","content":{"media":[{"altText":"A \\"cat\\"\\n\\u0007","mediaType":"image/png","sizeBytes":12,' +
      '"url":"https://a.test/1.png"},{"mediaType":"image/png","sizeBytes":34,"url":"https://a.test/2.png"}],' +
      '"text":"Grüße 😀 €"},"delivery":{"approvalRequired":true,"mode":"handoff","options":{"a":{"b":[1e+21,0.000001,1,0,' +
      'null,true]},"aa":"x","€":1,"😀":2,"ﬃ":3},"publishAt":null},"platform":"instagram"}',
    '0706652c3cfce5fb03e2a3374623bd3fea0e78aad9e51938ba72eaa65d94d21c',
  ],
] as const;

describe.each(VECTORS)('%s', (_, post, text, digest) => {
  it('has this canonical text and this digest', () => {
    expect(fingerprintText(post)).toBe(text);
    expect(sha256Hex(text)).toBe(digest);
  });
});

test('the same instant in other words is the same version', () => {
  const text = fingerprintText(at('2026-12-01T09:00:00Z'));
  for (const words of [
    '2026-12-01T09:00:00.000Z',
    '2026-12-01T09:00:00+00:00',
    '2026-12-01T14:30:00+05:30',
    '2026-11-30T23:00:00-10:00',
  ]) {
    expect(fingerprintText(at(words)), words).toBe(text);
  }
});

/** Everything that an approver saw; each change alone makes another version. */
const CHANGES: readonly (readonly [string, FingerprintedPost])[] = [
  ['platform', { ...POST, platform: 'bluesky' }],
  ['account', { ...POST, accountId: 'a2' }],
  ['text', { ...POST, content: { ...POST.content, text: 'Hello ' } }],
  ['media', { ...POST, content: { ...POST.content, media: PICTURES.content.media } }],
  ['time', at('2026-12-01T09:00:00Z')],
  ['mode', { ...POST, delivery: { ...POST.delivery, mode: 'handoff' } }],
  ['need of an approval', { ...POST, delivery: { ...POST.delivery, approvalRequired: true } }],
  ['options', { ...POST, delivery: { ...POST.delivery, options: { a: 1 } } }],
];

test.each(CHANGES)('another %s is another version', (_, changed) => {
  expect(fingerprintText(changed)).not.toBe(fingerprintText(POST));
});

test('the order of the media is part of the version, the order of keys is not', () => {
  const [first, second] = PICTURES.content.media;
  const media = first && second ? [second, first] : [];
  expect(fingerprintText({ ...PICTURES, content: { ...PICTURES.content, media } })).not.toBe(fingerprintText(PICTURES));
  const { platform, accountId, content, delivery } = POST;
  expect(
    fingerprintText({ delivery, content: { media: content.media, text: content.text }, accountId, platform }),
  ).toBe(fingerprintText(POST));
});

test('two posts have the same text only when they are equal', () => {
  const options = fc.dictionary(
    fc.string({ maxLength: 2 }),
    fc.oneof(fc.integer(), fc.string({ maxLength: 2 }), fc.boolean()),
    { maxKeys: 2 },
  );
  const post = fc.record({ text: fc.string({ maxLength: 2 }), options });
  const textOf = (one: { text: string; options: Record<string, number | string | boolean> }) =>
    fingerprintText({
      ...POST,
      content: { text: one.text, media: [] },
      delivery: { ...POST.delivery, options: one.options },
    });
  fc.assert(
    fc.property(post, post, (one, other) => {
      const equal =
        one.text === other.text &&
        JSON.stringify(Object.entries(one.options).sort()) === JSON.stringify(Object.entries(other.options).sort());
      expect(textOf(one) === textOf(other)).toBe(equal);
    }),
  );
});

/** Verdict, fingerprint that was decided on, present fingerprint, does it hold. */
test.each([
  ['approved', 'f1', 'f1', true],
  ['approved', 'f1', 'f2', false],
  ['rejected', 'f1', 'f1', false],
  ['rejected', 'f1', 'f2', false],
] as const)('%s for %s, now %s: %s', (verdict, decided, present, holds) => {
  expect(approvalHolds({ verdict, fingerprint: decided }, present)).toBe(holds);
});

test('without a decision no approval holds', () => {
  expect(approvalHolds(null, 'f1')).toBe(false);
});

describe('a last moment', () => {
  const until = (publishBefore: string): FingerprintedPost => ({
    ...POST,
    delivery: { ...POST.delivery, publishBefore },
  });
  const hash = (post: FingerprintedPost) => sha256Hex(fingerprintText(post));

  it('is part of the version: an approval of another one does not hold', () => {
    const versions = [POST, until('2026-03-01T09:00:00Z'), until('2026-03-01T09:00:00.001Z')].map(hash);
    expect(new Set(versions).size).toBe(3);
    const [approved = '', later = ''] = versions.slice(1);
    expect(approvalHolds({ verdict: 'approved', fingerprint: approved }, later)).toBe(false);
  });

  it('is compared as an instant, however it is written', () => {
    expect(hash(until('2026-03-01T10:00:00+01:00'))).toBe(hash(until('2026-03-01T09:00:00.000Z')));
    expect(fingerprintText(until('2026-03-01T10:00:00+01:00'))).toContain('"publishBefore":"2026-03-01T09:00:00.000Z"');
  });
});
