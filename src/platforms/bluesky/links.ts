// Links in a text, bare domains too. By Bluesky's own rules, and better where those are known to break a link: punctuation
// and brackets of Chinese, Japanese and Korean texts end it, and a bracket stays in it where it was opened in it.
import { isUnderKnownTld } from './domains.ts';

/** Marks of CJK texts that no address holds as they are; they stand before and after a link without a space. */
const CJK_MARKS =
  '\u2026\u3001-\u3003\u3008-\u3011\u3014-\u301F\uFF01\uFF08\uFF09\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F\uFF3B\uFF3D\uFF5B\uFF5D-\uFF64';
/** Letters of those scripts, which follow a bare domain without a space; a link's own path may hold them. */
const CJK_LETTERS = '\u3040-\u30FF\u3131-\u318E\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\uFF66-\uFF9F';

/** URL_REGEX of @atproto/api, with CJK marks as further borders. */
const REST = `[^\\s${CJK_MARKS}]`;
const LINK = new RegExp(
  `(?<=^|[\\s(${CJK_MARKS}])(?:https?://${REST}+|(?<domain>[a-z][a-z0-9]*(?:\\.[a-z0-9]+)+)(?:(?![${CJK_LETTERS}])${REST}+)?)`,
  'gim',
);

/** What the lexicon calls a URI: a record with another is refused as a whole. */
const URI = /^\w+:(?:\/\/)?[^\s/]\S*$/;

export interface Link {
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
  readonly written: string;
  readonly uri: string;
}

/** The links of a text, in order. */
export function linksIn(text: string): Link[] {
  return [...text.matchAll(LINK)].flatMap(({ index, 0: word, groups }) => {
    const { domain } = groups ?? {};
    // As in Bluesky's apps, a domain in capitals is a word.
    if (domain !== undefined && !isUnderKnownTld(domain)) return [];
    const written = withoutTail(word);
    const uri = domain === undefined ? written : `https://${written}`;
    return URI.test(uri) && URL.canParse(uri) ? [{ at: index, written, uri }] : [];
  });
}

const MARK_AT_END = /[.,;:!?]$/;
const OPENED_BY: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '”': '“', '’': '‘', '»': '«' };

/** A sentence's own mark after a link is not part of it, nor is a bracket that was opened before it. */
function withoutTail(word: string): string {
  let link = word.replace(MARK_AT_END, '');
  while (endsInForeignBracket(link)) link = link.slice(0, -1).replace(MARK_AT_END, '');
  return link;
}

function endsInForeignBracket(link: string): boolean {
  const closing = link.at(-1) ?? '';
  const opening = OPENED_BY[closing];
  return opening !== undefined && link.split(closing).length > link.split(opening).length;
}
