// How Bluesky counts text: graphemes for people, UTF-8 bytes for the protocol.

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The number of characters a reader sees. */
export function graphemes(text: string): number {
  return [...SEGMENTER.segment(text)].length;
}

/** The size of the text in UTF-8. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
