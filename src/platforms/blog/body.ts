// The HTML of a blog post: rendered from Markdown by CommonMark and GFM, or given as it is.
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { BlogOptions } from './options.ts';

/** HTML in Markdown stays: these are the author's own words, and the blog keeps what its roles allow. */
export function bodyHtml(text: string, format: BlogOptions['format']): string {
  if (format === 'html') return text;
  const html = micromark(text.replace(STORED, `${STAND_IN}$1`), {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return html.replaceAll(STAND_IN, 'media:');
}

/** Files of the media store; Markdown knows no such addresses and would leave them out. */
const STORED = /\bmedia:([0-9a-f]{64})\b/g;
const STAND_IN = 'https://media.oncepost.invalid/';

/**
 * The same HTML with each medium's own address, where it stands as the value of a `src`, `href` or `poster`, replaced by that
 * under which the blog serves it. `uploaded`: by the address the post was given with.
 */
export function withUploadedMedia(html: string, uploaded: ReadonlyMap<string, string>): string {
  return html.replace(/\b(src|href|poster)=("([^"]*)"|'([^']*)')/g, (whole, name: string, _quoted, double, single) => {
    const given: string = double ?? single ?? '';
    const replacement = uploaded.get(unescaped(given));
    return replacement === undefined ? whole : `${name}="${escaped(replacement)}"`;
  });
}

const unescaped = (value: string): string => value.replaceAll('&amp;', '&');
const escaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
