// What must not go out: planning markers and assets that only hold a place, wherever readers or machines may find them.

export const LEAK_PLACES = {
  comment: 'in a comment',
  visible_text: 'in the text that readers see',
  alt_text: 'in the alternative text of an image',
  attribute: 'in an attribute',
  image: 'as an image',
  json_ld: 'in the data for search engines (JSON-LD)',
  script: 'in a script, a style or data for one',
} as const;
export type LeakPlace = keyof typeof LEAK_PLACES;

export type LeakKind = 'marker' | 'placeholder';

export interface Leak {
  readonly kind: LeakKind;
  readonly place: LeakPlace;
  /** What stands there, cut to 120 characters. */
  readonly found: string;
  /** From 1; null where it has no place of its own in the source. */
  readonly line: number | null;
  readonly column: number | null;
  /** What was found and what to do, for people. */
  readonly sentence: string;
}

const KINDS: Readonly<Record<LeakKind, string>> = {
  marker: 'A planning marker stands',
  placeholder: 'A placeholder stands',
};
const REMEDIES: Readonly<Record<LeakKind, string>> = {
  marker: 'Take it out of the text before it goes out.',
  placeholder: 'Put the real asset in its place, or take it out.',
};
const FOUND_CHARS = 120;

type Where = { readonly line: number; readonly column: number } | null | undefined;

export function leak(kind: LeakKind, place: LeakPlace, found: string, where: Where): Leak {
  return {
    kind,
    place,
    found: found.replace(/\s+/g, ' ').trim().slice(0, FOUND_CHARS).toWellFormed(),
    line: where?.line ?? null,
    column: where?.column ?? null,
    sentence: `${KINDS[kind]} ${LEAK_PLACES[place]}. ${REMEDIES[kind]}`,
  };
}
