// The comments and tags in a stretch of HTML that stands in Markdown, by their places.

/** In UTF-16 offsets of the whole source. A comment or tag that is not ended goes on to the end of the stretch. */
export interface HtmlPart {
  readonly kind: 'comment' | 'tag';
  readonly start: number;
  readonly end: number;
  readonly ended: boolean;
}

const PART = /<!--[\s\S]*?(?:-->|$)|<[a-z/](?:"[^"]*(?:"|$)|'[^']*(?:'|$)|[^"'>])*(?:>|$)/gi;

/** Everything in `source` from `start` to `end` that is a comment or a tag. */
export function htmlParts(source: string, start: number, end: number): HtmlPart[] {
  return Array.from(source.slice(start, end).matchAll(PART), ({ index, 0: part }) => ({
    kind: part.startsWith('<!--') ? 'comment' : 'tag',
    start: start + index,
    end: start + index + part.length,
    ended: part.endsWith(part.startsWith('<!--') ? '-->' : '>'),
  }));
}
