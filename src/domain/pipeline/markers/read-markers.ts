// Finds the planning markers of a Markdown document. What stands in code is text; everything else that names a marker is
// one, or a problem.
import { readComment } from './comment.ts';
import { type HtmlPart, htmlParts } from './html-parts.ts';
import type { MarkedSpan, Marker } from './marker.ts';
import { pairMarkers } from './pair-markers.ts';
import { type Position, positionsIn } from './position.ts';
import { type MarkerProblem, markerProblem } from './problems.ts';
import { type Setting, settingsAt } from './settings.ts';

export interface MarkerReading {
  /** In the order of the document; whole only where there is no problem. */
  readonly spans: readonly MarkedSpan[];
  /** In the order of the document. */
  readonly problems: readonly MarkerProblem[];
}

const NAME = /ZCP:/gi;

/**
 * Reads a document as it was decoded from UTF-8, its byte order mark included. Never throws.
 */
export function readMarkers(source: string): MarkerReading {
  const offsets = Array.from(source.matchAll(NAME), ({ index }) => index);
  if (offsets.length === 0) return { spans: [], problems: [] };
  const position = positionsIn(source);
  const parts = partsFinder(source);
  const markers: Marker[] = [];
  const problems: MarkerProblem[] = [];
  let readUntil = 0;
  for (const [index, setting] of settingsAt(source, offsets).entries()) {
    const offset = offsets[index] ?? 0;
    // One comment may hold the name more than once.
    if (setting.kind === 'code' || offset < readUntil) continue;
    const part = parts(setting, offset);
    readUntil = part?.end ?? offset;
    const read = readPlace({ source, setting, part, at: position(part?.start ?? offset) });
    if (read && 'says' in read) markers.push(read);
    else if (read) problems.push(read);
  }
  const paired = pairMarkers(markers);
  return { spans: paired.spans, problems: [...problems, ...paired.problems].sort((a, b) => a.offset - b.offset) };
}

/** A place outside code where the name of a marker stands, or the comment or tag that it stands in. */
interface Place {
  readonly source: string;
  readonly setting: Setting;
  readonly part: HtmlPart | null;
  readonly at: Position;
}

/** Null where something other than a marker is named: prose may speak of a `ZCP:` of its own. */
function readPlace({ source, setting, part, at }: Place): Marker | MarkerProblem | null {
  if (part?.kind === 'comment') {
    if (!part.ended) return markerProblem('unended_comment', at);
    const says = readComment(source.slice(part.start + '<!--'.length, part.end - '-->'.length));
    return says.as === 'problem' ? markerProblem(says.code, at, says) : { start: part.start, end: part.end, at, says };
  }
  const attribute = setting.kind === 'attribute' || part?.kind === 'tag';
  const named = source.slice(at.offset, part?.end ?? at.offset + 'ZCP:ASSET'.length);
  if (!/ZCP:ASSET/i.test(named)) return null;
  return markerProblem(attribute ? 'in_attribute' : 'in_text', at);
}

/** Answers the comment or tag around an offset; one stretch of HTML may hold them all, and is taken apart once. */
function partsFinder(source: string): (setting: Setting, offset: number) => HtmlPart | null {
  let taken: { readonly start: number; readonly parts: readonly HtmlPart[] } = { start: -1, parts: [] };
  return (setting, offset) => {
    if (setting.kind !== 'html') return null;
    const { start, end } = setting;
    if (taken.start !== start) taken = { start, parts: htmlParts(source, start, end) };
    return taken.parts.find((part) => part.start <= offset && offset < part.end) ?? null;
  };
}
