// The leakage gate for a text in Markdown, before it is rendered: with the places where its author finds what is left.
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { htmlParts } from '../markers/html-parts.ts';
import { positionsIn } from '../markers/position.ts';
import { type Setting, settingsAt } from '../markers/settings.ts';
import { markerName, markerPrefix } from './disguises.ts';
import { type LeakOptions, leaksInHtml } from './in-html.ts';
import { type Leak, type LeakPlace, leak } from './leak.ts';

/** Everything in a text that must not go out. `text`: as decoded, its byte order mark included. @throws HtmlTooDeep */
export function leaksInMarkdown(text: string, options: LeakOptions = {}): Leak[] {
  const position = positionsIn(text);
  const offsets = Array.from(text.matchAll(markerPrefix()), ({ index }) => index);
  const isName = new Set(Array.from(text.matchAll(markerName()), ({ index }) => index));
  const markers = settingsAt(text, offsets).flatMap((setting, index) => {
    const offset = offsets[index] ?? 0;
    const place = placeOf(text, setting, offset);
    // Anywhere but in a comment other things may be called so.
    if (place === null || (place !== 'comment' && !isName.has(offset))) return [];
    return [leak('marker', place, text.slice(offset, offset + 200), position(offset))];
  });
  return [...markers, ...placeholdersIn(text, options)];
}

function placeOf(text: string, setting: Setting, offset: number): LeakPlace | null {
  if (setting.kind === 'html') {
    const part = htmlParts(text, setting.start, setting.end).find(({ start, end }) => start <= offset && offset < end);
    if (!part) return 'visible_text';
    return part.kind === 'comment' ? 'comment' : 'attribute';
  }
  if (setting.kind === 'code') return null;
  return setting.kind === 'attribute' ? 'attribute' : 'visible_text';
}

/** As they are rendered; their line is where their address or words stand first. */
function placeholdersIn(text: string, options: LeakOptions): Leak[] {
  const html = micromark(text, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const position = positionsIn(text);
  return leaksInHtml(html, options)
    .filter(({ kind }) => kind === 'placeholder')
    .map((found) => {
      const at = text.indexOf(found.found);
      const where = at < 0 ? null : position(at);
      return { ...found, line: where?.line ?? null, column: where?.column ?? null };
    });
}
