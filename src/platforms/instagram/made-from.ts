// What a container was made from. A container is used again for the same caption, media and options, whatever else of the
// schedule changed, its time above all; and for nothing else (law 7).
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { MediaItem } from '../../domain/schedules/post.ts';
import type { Params } from '../meta/graph-call.ts';
import type { PostToPublish } from '../sessions.ts';

/** Of the container that is published in the end. */
export function madeFromPost({ content, options }: Pick<PostToPublish, 'content' | 'options'>): string {
  return digest({ content, options });
}

/** Of one item of a carousel: every fact of the item, since other media may stand under the same address one day. */
export function madeFromItem(item: MediaItem, params: Params): string {
  return digest({ item, params });
}

/** SHA-256 of the canonical JSON (RFC 8785), hex. */
function digest(facts: object): string {
  return createHash('sha256')
    .update(canonicalize(facts) ?? '')
    .digest('hex');
}
