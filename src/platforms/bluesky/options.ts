// The options only Bluesky understands.
import { z } from 'zod';

export const optionsSchema = z.strictObject({
  /** The languages of the text, as BCP 47 tags: at most three (app.bsky.feed.post). */
  langs: z
    .array(z.string().regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i, 'must be a BCP 47 language tag, like en or pt-BR'))
    .min(1)
    .max(3)
    .exactOptional(),
});
