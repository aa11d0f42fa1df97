// What X answers, as far as we read it. Every answer passes one of these before anything believes it; ids stay text,
// since they are larger than a number can hold.
import { z } from 'zod';
import type { Stage } from '../../domain/causes/causes.ts';
import { bodyJson, type HttpAnswer } from '../../transport/exchange.ts';
import { StepUnanswered } from '../contract.ts';

/** A post's id: a snowflake, 1 to 19 digits. */
export const postIdSchema = z.string().regex(/^\d{1,19}$/, 'must be the id of a post on X: 1 to 19 digits');

/** `GET /2/users/me` */
export const userSchema = z.object({ data: z.object({ id: z.string().min(1) }) });

/** `POST /2/tweets`, 201 */
export const createdSchema = z.object({ data: z.object({ id: postIdSchema }) });

const processingSchema = z.object({
  state: z.enum(['pending', 'in_progress', 'succeeded', 'failed']),
  check_after_secs: z.number().nonnegative().optional(),
  error: z.object({ name: z.string().optional(), message: z.string().optional() }).optional(),
});
/** How far X is with an upload's transcoding; absent when there is nothing to do. */
export type Processing = z.infer<typeof processingSchema>;

/** Every media call but append and metadata. */
export const uploadSchema = z.object({
  data: z.object({
    id: z.string().regex(/^\d{1,19}$/),
    media_key: z.string().optional(),
    expires_after_secs: z.number().nonnegative().optional(),
    processing_info: processingSchema.optional(),
  }),
});
export type Upload = z.infer<typeof uploadSchema>['data'];

const entitiesSchema = z.object({
  urls: z
    .array(z.object({ url: z.string(), expanded_url: z.string().optional(), media_key: z.string().optional() }))
    .optional(),
});

/** One post of a timeline. A long one has its whole text in `note_tweet`. */
export const timelinePostSchema = z.object({
  id: postIdSchema,
  text: z.string(),
  created_at: z.iso.datetime({ offset: true }).optional(),
  entities: entitiesSchema.optional(),
  attachments: z.object({ media_keys: z.array(z.string()).optional() }).optional(),
  note_tweet: z.object({ text: z.string(), entities: entitiesSchema.optional() }).optional(),
});
export type TimelinePost = z.infer<typeof timelinePostSchema>;

/** `GET /2/users/{id}/tweets`: an empty page has no `data`; an answer without `meta` is no page at all. */
export const timelineSchema = z
  .object({
    data: z.array(timelinePostSchema).default([]),
    meta: z.object({ result_count: z.int().nonnegative(), next_token: z.string().min(1).optional() }),
  })
  .refine(({ data, meta }) => data.length >= meta.result_count, 'counts posts that it does not show');

/** The body of a refusal: a problem document, an OAuth error, or the older `errors` list. No field can be relied on. */
export const problemSchema = z.object({
  type: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  errors: z
    .array(
      z.object({
        message: z.string().optional().catch(undefined),
        detail: z.string().optional().catch(undefined),
        type: z.string().optional().catch(undefined),
        code: z.union([z.int(), z.string()]).optional().catch(undefined),
      }),
    )
    .default([])
    .catch([]),
});
export type Problem = z.infer<typeof problemSchema>;

/**
 * Reads a repeatable call's 2xx.
 * @throws StepUnanswered when the body is not what X documents; it is never taken for an empty answer (law 4).
 */
export function readAnswer<Answer>(answer: HttpAnswer, schema: z.ZodType<Answer>, stage: Stage): Answer {
  const read = schema.safeParse(bodyJson(answer));
  if (!read.success) throw new StepUnanswered(stage, `X answered ${answer.status} with a body that cannot be read`);
  return read.data;
}
