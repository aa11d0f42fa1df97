// What X answers, as far as we read it. Every answer passes one of these before anything believes it; ids stay text,
// since they are larger than a number can hold.
import { z } from 'zod';
import type { Stage } from '../../domain/causes/causes.ts';
import { bodyJson, type HttpAnswer } from '../../transport/exchange.ts';
import { StepUnanswered } from '../step-errors.ts';

/** A post's id: a snowflake, 1 to 19 digits. */
export const postIdSchema = z.string().regex(/^\d{1,19}$/, 'must be the id of a post on X: 1 to 19 digits');

/** `GET /2/users/me` */
export const userSchema = z.object({ data: z.object({ id: z.string().min(1), username: z.string().nullish() }) });

/** `POST /2/tweets`, 201 */
export const createdSchema = z.object({ data: z.object({ id: postIdSchema }) });

/** A field that X may leave out, or answer with null. */
const maybe = <Field extends z.ZodType>(field: Field) =>
  field.nullish().transform((value: z.output<Field> | null | undefined) => value ?? undefined);

const processingSchema = z.object({
  /** `pending`, `in_progress`, `succeeded` or `failed`; a state that nobody has heard of yet is one that still runs. */
  state: z.string(),
  check_after_secs: maybe(z.number().nonnegative()),
  error: maybe(z.object({ name: maybe(z.string()), message: maybe(z.string()) })),
});
/** How far X is with an upload's transcoding; absent when there is nothing to do. */
export type Processing = z.infer<typeof processingSchema>;

/** Every media call but append and metadata. */
export const uploadSchema = z.object({
  data: z.object({
    id: z.string().regex(/^\d{1,19}$/),
    media_key: maybe(z.string()),
    expires_after_secs: maybe(z.number().nonnegative()),
    processing_info: maybe(processingSchema),
  }),
});
export type Upload = z.infer<typeof uploadSchema>['data'];

/** The errors of OAuth 2.0 (RFC 6749, sections 4.1.2.1 and 5.2); a gateway's `error` is another word. */
const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
] as const;

/**
 * The body of a refusal: a problem document, an OAuth error, the older `errors` list, or one error of such a list alone
 * (`{code, message}`; without its number a message is any gateway's). No field can be relied on.
 */
export const problemSchema = z.object({
  type: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  code: z.int().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error: z.enum(OAUTH_ERRORS).optional().catch(undefined),
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
