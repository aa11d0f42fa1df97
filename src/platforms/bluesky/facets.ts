// Finds what a reader can click in a text: links, mentions and hashtags, at UTF-8 byte offsets (app.bsky.richtext.facet).
import { graphemes, utf8Bytes } from './text.ts';

const TAG_LIMIT = { graphemes: 64, bytes: 640 };
const HANDLE_CHARS = 253;

const LINK = /(?<=^|[\s(])https?:\/\/\S+/giu;
const MENTION = /(?<=^|[\s(])@([a-z0-9.-]+)/giu;
const TAG = /(?<=^|\s)[#＃](\S+)/gu;
/** Invisible characters end a hashtag where a reader sees it end. */
const TAG_END = /(?:\u00AD|[\u200A-\u200D]|\u2060|\u20E2).*$/su;
const HANDLE = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

export type FacetFeature =
  | { readonly $type: 'app.bsky.richtext.facet#link'; readonly uri: string }
  | { readonly $type: 'app.bsky.richtext.facet#mention'; readonly did: string }
  | { readonly $type: 'app.bsky.richtext.facet#tag'; readonly tag: string };

export interface Facet {
  readonly index: { readonly byteStart: number; readonly byteEnd: number };
  readonly features: readonly FacetFeature[];
}

/** The handles a text mentions, lower case, each once, in order. A word that cannot be a handle is none. */
export function mentionedHandles(text: string): string[] {
  return [...new Set(mentions(text).map((mention) => mention.handle))];
}

/** The facets of a text, in order. A handle without a DID in `dids` stays plain text. */
export function facetsOf(text: string, dids: ReadonlyMap<string, string>): Facet[] {
  return [...links(text), ...mentionFacets(text, dids), ...tags(text)].sort(
    (a, b) => a.index.byteStart - b.index.byteStart,
  );
}

function links(text: string): Facet[] {
  return [...text.matchAll(LINK)].flatMap((match) => {
    const uri = withoutTail(match[0]);
    return URL.canParse(uri) ? [facet(text, match.index, uri, { $type: 'app.bsky.richtext.facet#link', uri })] : [];
  });
}

/** A sentence's own punctuation after a link is not part of it, nor is the bracket around it. */
function withoutTail(word: string): string {
  const bare = word.replace(/[.,;:!?'"’”]+$/u, '');
  return bare.endsWith(')') && !bare.includes('(') ? bare.slice(0, -1) : bare;
}

interface Mention {
  readonly at: number;
  readonly written: string;
  readonly handle: string;
}

function mentions(text: string): Mention[] {
  return [...text.matchAll(MENTION)].flatMap((match) => {
    const written = match[0].replace(/[.-]+$/u, '');
    const handle = written.slice(1).toLowerCase();
    return handle.length <= HANDLE_CHARS && HANDLE.test(handle) ? [{ at: match.index, written, handle }] : [];
  });
}

function mentionFacets(text: string, dids: ReadonlyMap<string, string>): Facet[] {
  return mentions(text).flatMap(({ at, written, handle }) => {
    const did = dids.get(handle);
    return did === undefined ? [] : [facet(text, at, written, { $type: 'app.bsky.richtext.facet#mention', did })];
  });
}

function tags(text: string): Facet[] {
  return [...text.matchAll(TAG)].flatMap((match) => {
    const written = match[0].replace(TAG_END, '').replace(/\p{P}+$/u, '');
    const tag = written.slice(1);
    // Digits and marks alone are no hashtag, nor is the keycap emoji.
    if (!/[^\d\p{P}]/u.test(tag) || tag.startsWith('\uFE0F')) return [];
    if (graphemes(tag) > TAG_LIMIT.graphemes || utf8Bytes(tag) > TAG_LIMIT.bytes) return [];
    return [facet(text, match.index, written, { $type: 'app.bsky.richtext.facet#tag', tag })];
  });
}

function facet(text: string, at: number, written: string, feature: FacetFeature): Facet {
  const byteStart = utf8Bytes(text.slice(0, at));
  return { index: { byteStart, byteEnd: byteStart + utf8Bytes(written) }, features: [feature] };
}
