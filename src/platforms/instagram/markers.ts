// What a later look needs to recognise a post: the container that was sent, and what its media will look like in the
// account's list.
import { z } from 'zod';
import type { Content } from '../../domain/schedules/post.ts';
import type { Json } from '../sessions.ts';
import { LISTED_AS, shapeOf } from './shape.ts';

const markersSchema = z.object({
  containerId: z.string().min(1),
  caption: z.string(),
  mediaType: z.enum(['IMAGE', 'VIDEO', 'CAROUSEL_ALBUM']),
  /** 0 for anything but a carousel. */
  childCount: z.int().nonnegative(),
});
export type Markers = z.infer<typeof markersSchema>;

/** The markers of a post about to be sent. */
export function markersOf(content: Content, containerId: string): Markers {
  const shape = shapeOf(content.media) ?? 'image';
  return {
    containerId,
    caption: content.text,
    mediaType: LISTED_AS[shape],
    childCount: shape === 'carousel' ? content.media.length : 0,
  };
}

/** The markers as an intent holds them; undefined when they are not of this kind. */
export function readMarkers(saved: Readonly<Record<string, Json>>): Markers | undefined {
  const read = markersSchema.safeParse(saved);
  return read.success ? read.data : undefined;
}
