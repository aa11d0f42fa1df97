// The one JSON object by which a schedule is taken in, the same through the API, the client, the CLI and a bare start.
import { z } from 'zod';
import { contentSchema, DELIVERY_MODES, optionsSchema } from './post.ts';

/** Ids are ours or the caller's; they stand in the workflow id, in paths and in logs. */
export const scheduleIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be 1 to 128 letters, digits, dots, dashes or underscores');

export const scheduleRequestSchema = z.strictObject({
  id: scheduleIdSchema.optional(),
  /** The workspace's name; only a bare workflow start needs it, an API key already says it. */
  workspace: z.string().min(1).max(128).optional(),
  /** The connected account's name or id. */
  account: z.string().min(1).max(128),
  platform: z.string().min(1).max(64).optional(),
  ...contentSchema.shape,
  /** ISO 8601 with an offset; absent or null means at once. */
  publishAt: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 instant with an offset, like 2026-12-01T09:00:00Z' }).nullish(),
  mode: z.enum(DELIVERY_MODES).default('publish'),
  approvalRequired: z.boolean().default(false),
  options: optionsSchema.default({}),
});
export type ScheduleRequest = z.infer<typeof scheduleRequestSchema>;

/** What a caller may send, before defaults are filled in. */
export type ScheduleRequestInput = z.input<typeof scheduleRequestSchema>;

/** One thing that is wrong with a request: the field, and what it must be. */
export interface FieldProblem {
  /** Dotted path, for example `media.0.sizeBytes`; empty for the request as a whole. */
  readonly field: string;
  readonly problem: string;
  /** The limit that was passed, where there is one, with its unit in the text. */
  readonly limit?: string | undefined;
}

/** Turns zod's issues into field problems, an unknown key named as its own field. */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ field: [...path, key].join('.'), problem: 'is not a known field' }));
    }
    return [{ field: path.join('.'), problem: issue.message, limit: limitOf(issue) }];
  });
}

function limitOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  return undefined;
}
