// Brings openings and ends of markers together, and finds what does not fit.
import type { MarkedSpan, Marker } from './marker.ts';
import { type MarkerProblem, markerProblem } from './problems.ts';

/** A marker that opens a span. */
type Opening = Marker & { readonly says: { readonly as: 'asset' | 'ref' } };

const isOpening = (marker: Marker): marker is Opening => marker.says.as !== 'end';
const typeOf = (marker: Opening) => (marker.says.as === 'asset' ? 'ZCP:ASSET' : 'ZCP:ASSET-REF');
const nameOf = (marker: Opening) => `${typeOf(marker)} "${marker.says.id}"`;

/** The markers in the order of the document. */
export function pairMarkers(markers: readonly Marker[]): { spans: MarkedSpan[]; problems: MarkerProblem[] } {
  const spans: MarkedSpan[] = [];
  const problems: MarkerProblem[] = [];
  let open: Opening[] = [];
  for (const marker of markers) {
    const outer = open.at(-1);
    if (isOpening(marker)) {
      if (outer) problems.push(markerProblem('nested', marker.at, { name: nameOf(marker), other: nameOf(outer) }));
      open.push(marker);
    } else if (outer && marker.says.as === 'end' && typeOf(outer) === marker.says.type) {
      spans.push(spanOf(outer, marker));
      open = open.slice(0, -1);
    } else if (marker.says.as === 'end') {
      problems.push(markerProblem('unopened', marker.at, { name: marker.says.type }));
    }
  }
  const unclosed = open.map((marker) => markerProblem('unclosed', marker.at, { name: nameOf(marker) }));
  return { spans: inOrder(spans), problems: [...problems, ...unclosed, ...idProblems(markers.filter(isOpening))] };
}

function spanOf(opening: Opening, closing: Marker): MarkedSpan {
  const { says, at } = opening;
  return {
    type: typeOf(opening),
    id: says.id,
    declares: says.as === 'asset' ? { kind: says.kind, required: says.required } : null,
    at,
    opening: { start: opening.start, end: opening.end },
    closing: { start: closing.start, end: closing.end },
  };
}

function idProblems(openings: readonly Opening[]): MarkerProblem[] {
  const declared = new Map<string, Opening>();
  const problems: MarkerProblem[] = [];
  for (const marker of openings.filter(({ says }) => says.as === 'asset')) {
    const first = declared.get(marker.says.id);
    const where = first ? `on line ${first.at.line}` : '';
    if (first) problems.push(markerProblem('repeated_id', marker.at, { name: nameOf(marker), other: where }));
    else declared.set(marker.says.id, marker);
  }
  const unknown = openings.filter(({ says }) => says.as === 'ref' && !declared.has(says.id));
  return [...problems, ...unknown.map((marker) => markerProblem('unknown_id', marker.at, { name: nameOf(marker) }))];
}

const inOrder = (spans: readonly MarkedSpan[]): MarkedSpan[] =>
  spans.toSorted((one, other) => one.opening.start - other.opening.start);
