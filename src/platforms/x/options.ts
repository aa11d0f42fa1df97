// The delivery options only X understands.
import { z } from 'zod';
import { X_LIMITS } from './limits.ts';
import { postIdSchema } from './wire.ts';

/** Options of one post. */
export const xOptionsSchema = z.strictObject({
  /** The id of the post this one replies to. */
  replyToPostId: postIdSchema.exactOptional(),
  /** The longest text the account may post, in weighted characters: 280, or what its Premium tier allows. */
  textLimit: z.int().min(X_LIMITS.textWeight).max(X_LIMITS.premiumTextWeight).exactOptional(),
});
export type XOptions = z.infer<typeof xOptionsSchema>;

/** The options of a post that was checked when it was taken in; none when they are not X's. */
export function optionsOf(options: unknown): XOptions {
  return xOptionsSchema.safeParse(options).data ?? {};
}
