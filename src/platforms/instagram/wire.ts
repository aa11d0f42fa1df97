// What Instagram's answers look like (platform reference 2.2, 2.4, 2.6). Fields we do not use are not named.
import { z } from 'zod';

/** A container or a media was made: its id. Ids pass 2^53, so a number is not one. */
export const createdSchema = z.object({ id: z.string().min(1) });

const STATUS_CODES = ['IN_PROGRESS', 'FINISHED', 'PUBLISHED', 'ERROR', 'EXPIRED'] as const;

export const containerStatusSchema = z.object({
  /** A word that nobody documented is no end: the container is still being worked on. */
  status_code: z.string().transform((word) => STATUS_CODES.find((code) => code === word) ?? 'IN_PROGRESS'),
  /** Free text; on ERROR it holds a subcode. */
  status: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
});
export type ContainerStatus = z.infer<typeof containerStatusSchema>;

/** Graph writes offsets without a colon: `2026-01-05T21:00:00+0000`. */
const instantSchema = z
  .string()
  .transform((text) => new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')))
  .refine((date) => !Number.isNaN(date.getTime()), 'must be an instant');

/** What is absent or null was not told: whoever needs it doubts the answer, and nobody fails to read the rest of it. */
export const mediaSchema = z.object({
  id: z.string().min(1),
  /** Absent, too, when the post has none. */
  caption: z.string().nullish(),
  media_type: z.string().nullish(),
  permalink: z.string().nullish(),
  timestamp: instantSchema.nullish().catch(null),
  children: z.object({ data: z.array(z.object({ id: z.string() })) }).nullish(),
});
export type Media = z.infer<typeof mediaSchema>;

export const mediaPageSchema = z.object({
  data: z.array(mediaSchema),
  /** `next` is only a sign that there is more: the address it holds carries the token. */
  paging: z
    .object({ cursors: z.object({ after: z.string().nullish() }).nullish(), next: z.string().nullish() })
    .nullish(),
});
export type MediaPage = z.infer<typeof mediaPageSchema>;

export const mediaCountSchema = z.object({ media_count: z.int().nonnegative() });

const ownSchema = z.object({ user_id: z.string().min(1), username: z.string().nullish() });
/** Meta documents it in a list of one, and answers it bare. `id` beside it is scoped to the app and publishes nothing. */
export const ownerSchema = z.union([
  ownSchema,
  z.object({ data: z.tuple([ownSchema]) }).transform(({ data }) => data[0]),
]);

export const permalinkSchema = z.object({ permalink: z.string() });

const quotaRowSchema = z.object({
  quota_usage: z.int().nonnegative(),
  config: z.object({ quota_total: z.int().nonnegative(), quota_duration: z.int().positive() }),
});
export const quotaSchema = z.object({ data: z.tuple([quotaRowSchema], z.unknown()) });

export const renewedSchema = z.object({ access_token: z.string().min(1), expires_in: z.int().positive() });
