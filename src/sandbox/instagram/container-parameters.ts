// Which parameters each kind of container takes, and what they may say (platform reference 2.2 and 2.5). Stricter than Meta
// where it ignores what it does not know: what an adapter gets wrong shows here.
import type { Answer } from '../answer.ts';
import { graphError, invalidParameter, unknownParameter } from './errors.ts';
import type { Parameters } from './parameters.ts';
import { tooManyTags } from './presets.ts';

/** A picture by itself, a reel, an item of a carousel, a carousel. */
export type Kind = 'image' | 'reel' | 'child' | 'parent';

/** Reference 2.2, sequences 1 to 3. Children take neither caption nor place; only pictures take a text of their own. */
const taken: Record<Kind, readonly string[]> = {
  image: ['media_type', 'image_url', 'caption', 'alt_text', 'user_tags', 'location_id', 'is_ai_generated'],
  reel: [
    'media_type',
    'video_url',
    'caption',
    'share_to_feed',
    'cover_url',
    'thumb_offset',
    'user_tags',
    'location_id',
  ],
  child: ['is_carousel_item', 'media_type', 'image_url', 'video_url', 'alt_text', 'user_tags'],
  parent: ['media_type', 'children', 'caption', 'location_id'],
};

/** What any of them takes. */
export const everyParameter: readonly string[] = [...new Set(Object.values(taken).flat())];

const flags = ['is_carousel_item', 'share_to_feed', 'is_ai_generated'];
const mostTags = 20;

/** The first parameter that this kind does not take, or that says nothing it could mean. */
export function refuseParameters(parameters: Parameters, kind: Kind): Answer | undefined {
  const misplaced = [...parameters.keys()].find((name) => name !== 'access_token' && !taken[kind].includes(name));
  if (misplaced !== undefined) return unknownParameter(misplaced);
  const flag = flags.find((name) => !/^(true|false)$/.test(parameters.get(name) ?? 'true'));
  if (flag !== undefined) return invalidParameter(`param ${flag} must be true or false`);
  if (parameters.has('video_url') && parameters.has('alt_text')) return unknownParameter('alt_text');
  if (!/^\d+$/.test(parameters.get('thumb_offset') ?? '0'))
    return invalidParameter('param thumb_offset must be an integer');
  if (!/^\d+$/.test(parameters.get('location_id') ?? '0')) {
    return graphError({ code: 100, message: 'INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID' });
  }
  return refuseTags(parameters.get('user_tags'));
}

/** Reference 2.5: more than 20 tags are 100/2207040. */
function refuseTags(tags: string | undefined): Answer | undefined {
  if (tags === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(tags);
    if (!Array.isArray(parsed)) return invalidParameter('param user_tags must be an array');
    return parsed.length > mostTags ? tooManyTags : undefined;
  } catch {
    return invalidParameter('param user_tags must be an array');
  }
}
