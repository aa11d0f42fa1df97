// Finds what a reader can click in a text: links, mentions and hashtags, at UTF-8 byte offsets (app.bsky.richtext.facet).
// By the rules of Bluesky's own apps (RichText of @atproto/api 0.21), so that a post reads as one written there.
import { mentionsIn } from './handles.ts';
import { linksIn } from './links.ts';
import { tagsIn } from './tags.ts';
import { utf8Bytes } from './text.ts';

export type FacetFeature =
  | { readonly $type: 'app.bsky.richtext.facet#link'; readonly uri: string }
  | { readonly $type: 'app.bsky.richtext.facet#mention'; readonly did: string }
  | { readonly $type: 'app.bsky.richtext.facet#tag'; readonly tag: string };

export interface Facet {
  readonly index: { readonly byteStart: number; readonly byteEnd: number };
  readonly features: readonly FacetFeature[];
}

/** A stretch of the text that can be clicked, in UTF-16 units. */
interface Found {
  readonly at: number;
  readonly written: string;
  readonly feature: FacetFeature;
}

/** The handles a text mentions, lower case, each once, in order. A word that cannot be a handle is none. */
export function mentionedHandles(text: string): string[] {
  return [...new Set(mentionsIn(text).map(({ handle }) => handle))];
}

/** The facets of a text, in order; none overlaps another. A handle without a DID in `dids` stays plain text. */
export function facetsOf(text: string, dids: ReadonlyMap<string, string>): Facet[] {
  const found: Found[] = [...links(text), ...mentions(text, dids), ...tags(text)];
  let end = 0;
  return found
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, written, feature }) => {
      if (at < end) return [];
      end = at + written.length;
      const byteStart = utf8Bytes(text.slice(0, at));
      return [{ index: { byteStart, byteEnd: byteStart + utf8Bytes(written) }, features: [feature] }];
    });
}

function links(text: string): Found[] {
  return linksIn(text).map(({ at, written, uri }) => ({
    ...{ at, written },
    feature: { $type: 'app.bsky.richtext.facet#link', uri },
  }));
}

function mentions(text: string, dids: ReadonlyMap<string, string>): Found[] {
  return mentionsIn(text).flatMap(({ at, written, handle }) => {
    const did = dids.get(handle);
    return did === undefined ? [] : [{ at, written, feature: { $type: 'app.bsky.richtext.facet#mention', did } }];
  });
}

function tags(text: string): Found[] {
  return tagsIn(text).map(({ at, written, tag }) => ({
    ...{ at, written },
    feature: { $type: 'app.bsky.richtext.facet#tag', tag },
  }));
}
