// What can be wrong with the markers of a document, by type, each with its sentence.
import { ASSET_KINDS } from '../visuals/asset-kinds.ts';
import type { Position } from './position.ts';

export const MARKER_PROBLEMS = {
  unclosed: ({ name }) =>
    `${name} is opened here and never closed. Write <!-- /${bare(name)} --> where its prose ends.`,
  unopened: ({ name }) => `${name} is closed here and was not opened. Take this away, or open it before its prose.`,
  nested: ({ name, other }) => `${name} is opened inside ${other}. Close that one first; no marker stands in another.`,
  unknown_id: ({ name }) =>
    `${name} names an asset that no ZCP:ASSET of this document declares. Declare it, or name another.`,
  repeated_id: ({ name, other }) => `${name} is declared a second time, first ${other}. Give one of them another id.`,
  unknown_kind: ({ detail }) =>
    `The kind "${detail}" is none we know. Use one of: ${Object.keys(ASSET_KINDS).join(', ')}.`,
  bad_attribute: ({ name, detail }) => `${name} cannot be read: ${detail}.`,
  unknown_marker: ({ detail }) =>
    `"${detail}" is no marker. Use ZCP:ASSET or ZCP:ASSET-REF, and close it by the same name.`,
  in_attribute: () =>
    'A marker stands in an attribute, an address, a title or the text of an image. Put it around the whole element.',
  in_text: () =>
    'The name of a marker stands in the text and readers would see it. Write it as a comment, or as code when it is to be seen.',
  unended_comment: () => 'The comment of this marker does not end in the same block. Write --> on its line.',
  not_planned: ({ name }) => `${name} is not in the asset plan. Add it to the plan, or take the markers away.`,
  not_declared: ({ name }) =>
    `${name} is in the asset plan, and no ZCP:ASSET of the document declares it. Declare it, or take it out.`,
  differs_from_plan: ({ name, detail }) => `${name} says ${detail}. Make the two agree.`,
  uncovered: () =>
    'This is code now, and would become a marker once the markers around it are gone. Put a blank line before the code.',
} as const satisfies Readonly<Record<string, (about: About) => string>>;
export type MarkerProblemCode = keyof typeof MARKER_PROBLEMS;

interface About {
  /** The marker, for example `ZCP:ASSET "fig-1"`. */
  readonly name: string;
  readonly other: string;
  readonly detail: string;
}

/** One thing that must be put right in the document, and where. */
export interface MarkerProblem extends Position {
  readonly code: MarkerProblemCode;
  /** What is wrong and what to do, for people. */
  readonly sentence: string;
}

export function markerProblem(code: MarkerProblemCode, at: Position, about: Partial<About> = {}): MarkerProblem {
  const words: (about: About) => string = MARKER_PROBLEMS[code];
  return { code, ...at, sentence: words({ name: 'The marker', other: '', detail: '', ...about }) };
}

function bare(name: string): string {
  return name.split(' ')[0] ?? name;
}
