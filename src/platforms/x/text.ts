// The weight of a text as X counts it (twitter-text, configuration 3): a link 23, an emoji 2, most non-Latin signs 2.

const URL_WEIGHT = 23;
const HEAVY = 2;

/** Code points that weigh 1, from and to, both included; every other weighs 2. */
const LIGHT: readonly (readonly [number, number])[] = [
  [0, 4_351],
  [8_192, 8_205],
  [8_208, 8_223],
  [8_242, 8_247],
];

/** Domains that X links without a scheme; the common ones, since its full list changes every month. */
const BARE_DOMAINS =
  'com|org|net|edu|gov|info|biz|io|dev|app|ai|co|me|tv|xyz|news|blog|shop|site|online|tech|cloud|eu|uk|us|ca|au|de|fr|es|it|nl|ch|at|se|no|jp|in|br';

/** A link goes on through brackets that close, and does not end with the full stop of the sentence around it. */
const BRACKETS = '\\([^\\s<>"()]*\\)';
const PATH = `(?:${BRACKETS}|[^\\s<>"()])*(?:${BRACKETS}|[\\p{L}\\p{N}/#=&_-])`;

const LINK = new RegExp(
  `https?://${PATH}|(?<![\\p{L}\\p{N}_@./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+(?:${BARE_DOMAINS})(?![\\p{L}\\p{N}_@-]|\\.[a-z0-9])(?:/(?:${PATH})?)?`,
  'giu',
);

const EMOJI = /\p{RGI_Emoji}/gv;

/** The weighted length, in the unit X's limits are given in. */
export function weightedLength(text: string): number {
  const normal = text.normalize('NFC');
  const links = normal.match(LINK)?.length ?? 0;
  const unlinked = normal.replace(LINK, '');
  const emoji = unlinked.match(EMOJI)?.length ?? 0;
  const plain = Array.from(unlinked.replace(EMOJI, ''), weightOf);
  return links * URL_WEIGHT + emoji * HEAVY + plain.reduce((sum, weight) => sum + weight, 0);
}

function weightOf(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0;
  return LIGHT.some(([from, to]) => codePoint >= from && codePoint <= to) ? 1 : HEAVY;
}
