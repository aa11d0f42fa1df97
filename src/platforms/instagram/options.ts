// What may be chosen for a post on Instagram beyond its caption and media (platform reference 2.2).
import { z } from 'zod';
import { webAddress } from '../../domain/schedules/post.ts';

const LIMITS = { userTags: 20 };

/** A share of the picture's width or height, from its left upper corner. */
const share = z.number().min(0).max(1);

const userTagSchema = z.strictObject({
  username: z.string().regex(/^[A-Za-z0-9._]{1,30}$/, 'must be an Instagram user name without the @'),
  /** Where in the picture; pictures need both, videos take neither. */
  x: share.exactOptional(),
  y: share.exactOptional(),
  /** Which item of a carousel, from 0. */
  mediaIndex: z.int().nonnegative().max(9).exactOptional(),
});

export const instagramOptionsSchema = z.strictObject({
  /** A reel only: shown in the feed as well. */
  shareToFeed: z.boolean().exactOptional(),
  /** A reel only: the frame that becomes the cover. */
  thumbOffsetMs: z.int().nonnegative().exactOptional(),
  /** A reel only: a picture that becomes the cover, by a public address. */
  coverUrl: webAddress.exactOptional(),
  /** The id of a Facebook Page that has a place. */
  locationId: z
    .string()
    .regex(/^\d{1,32}$/, 'must be the digits of a location Page')
    .exactOptional(),
  userTags: z.array(userTagSchema).max(LIMITS.userTags).exactOptional(),
  /** A single picture only: labelled as made with AI. */
  aiGenerated: z.boolean().exactOptional(),
});
export type InstagramOptions = z.infer<typeof instagramOptionsSchema>;
