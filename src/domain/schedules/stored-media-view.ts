// A stored file as it is answered to whoever uploaded it.
import { z } from 'zod';
import { MEDIA_TYPES } from './media-type.ts';

export const storedMediaSchema = z
  .object({
    /** The SHA-256 of its bytes, in lower-case hex. */
    id: z.string(),
    /** What a post's media item gives as its `url`. */
    url: z.string(),
    mediaType: z.enum(MEDIA_TYPES),
    sizeBytes: z.int(),
    widthPx: z.int().optional(),
    heightPx: z.int().optional(),
    durationSeconds: z.number().optional(),
    animated: z.boolean().optional(),
    codecs: z.array(z.string()).optional(),
  })
  .meta({ id: 'StoredMedia' });
export type StoredMediaView = z.infer<typeof storedMediaSchema>;
