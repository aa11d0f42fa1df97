// What is clickable in a text is what Bluesky's own library finds in it, byte for byte, and in a few cases better.
import { RichText } from '@atproto/api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { facetsOf, mentionedHandles } from '../../../src/platforms/bluesky/facets.ts';

interface Clickable {
  readonly from: number;
  readonly to: number;
  readonly what: string;
}

const byPlace = (a: Clickable, b: Clickable) => a.from - b.from;

/** What the apps' library finds, with the handle in the place of its DID. */
function theirs(text: string): Clickable[] {
  const richText = new RichText({ text });
  richText.detectFacetsWithoutResolution();
  const found = (richText.facets ?? []).map(({ index, features: [feature] }) => {
    const { uri = '', did = '', tag = '' } = { ...feature } as Readonly<Record<string, string>>;
    return { from: index.byteStart, to: index.byteEnd, what: `${uri}${did && `@${did}`}${tag && `#${tag}`}` };
  });
  return found.filter(({ what }) => !isRefusedByServers(what)).sort(byPlace);
}

/** The library finds addresses and handles that no server takes: they would only have the whole post refused. */
function isRefusedByServers(what: string): boolean {
  if (what.startsWith('#')) return false;
  const name = what.startsWith('@') ? `https://${what.slice(1)}` : what;
  const isUri = URL.canParse(name) && /^https?:\/\/[^\s/]/i.test(name);
  return !isUri || (what.startsWith('@') && /@[-.]|-\.|\.-|\.\./.test(what));
}

function ours(text: string): Clickable[] {
  const names = new Map(mentionedHandles(text).map((handle) => [handle, `@${handle}`]));
  return facetsOf(text, names).map(({ index, features: [feature] }) => {
    const { uri = '', did = '', tag = '' } = { ...feature } as Readonly<Record<string, string>>;
    return { from: index.byteStart, to: index.byteEnd, what: `${uri}${did}${tag && `#${tag}`}` };
  });
}

const PIECES = [
  ...[
    'https://example.com',
    'http://a.b/c?d=e#f',
    'https://',
    'https://x',
    'example.com',
    'bsky.app/profile/x',
    'a.co.uk',
  ],
  ...[
    'foo.bar',
    'foo.notatld',
    'my-site.com',
    'e.g',
    'i.e',
    '1.5',
    'index.html',
    'EXAMPLE.com',
    'example.COM',
    'b.io:80',
  ],
  ...['@alice.bsky.social', '@bob.test', '@bob', '@x.notatld', '@a..com', '@', 'me@example.com'],
  ...['#tag', '#été', '#1', '#2nd', '＃全角', '#', '##', '#a.b', '#\uFE0F', '#a\u200Bb', '#️⃣', `#${'x'.repeat(65)}`],
  ...['$AAPL', '$a', '$TOOLONG', '$1', '$', 'US$5'],
  ...['.', ',', '!', '?', ':', ';', '...', '?!', '-', '/', '_', '&', '"', "'", '\u2019'],
  ...['é', 'ü', 'ß', '😀', '👩‍👩‍👧', 'ı', 'ſ', 'word', 'Ω', 'я', 'ไทย'],
] as const;
const GAPS = ['', '', ' ', ' ', '  ', '\n', '\t', '\u00A0'] as const;

const sentence = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom(...GAPS)), { maxLength: 14 })
  .map((words) => words.flat().join(''));
const anything = fc.string({ unit: 'binary', maxLength: 40 });
/** Where we differ on purpose; each difference is a row of the table in facets.test.ts. */
const DIFFERS =
  /[()[\]{}“”‘«»…]|’[.,;:!?]?(?:\s|$)|[\u2E80-\u9FFF\uAC00-\uD7A3\uFF00-\uFF02\uFF04-\uFF65]|[Hh][Tt]{2}[Pp](?!s?:)|[A-Z]\S*:\/\/|@\S*[A-Z]/u;

test('is found as Bluesky finds it', () => {
  const text = fc.oneof({ weight: 5, arbitrary: sentence }, anything).filter((one) => !DIFFERS.test(one));
  fc.assert(
    fc.property(text, (one) => {
      expect(ours(one)).toEqual(theirs(one));
    }),
    { numRuns: 3_000 },
  );
});

test('is nothing that overlaps, whatever the text', () => {
  const wild = fc
    .array(fc.constantFrom(...PIECES, '(', ')', '（', '）', '。', '、', '日本語'), { maxLength: 20 })
    .map((words) => words.join(''));
  fc.assert(
    fc.property(wild, (text) => {
      const found = ours(text);
      const end = new TextEncoder().encode(text).byteLength;
      return found.every(({ from, to }, index) => from < to && to <= (found[index + 1]?.from ?? end));
    }),
    { numRuns: 3_000 },
  );
});
