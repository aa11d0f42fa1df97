// The one JSON object by which a schedule is taken in, the same through the API, the client, the CLI and a bare start.
import { z } from 'zod';
import { issueWords } from '../text/issue-words.ts';
import { toPlainText } from '../text/plain-text.ts';
import { instantText } from './instant.ts';
import { DELIVERY_MODES, deliverySetSchema, givenContentSchema, optionsSchema, plainText } from './post.ts';
import { SCHEDULE_ID } from './schedule-id.ts';

/** Ids are ours or the caller's; they stand in the workflow id, in paths and in logs. */
export const scheduleIdSchema = z
  .string()
  .regex(
    SCHEDULE_ID,
    'must be 1 to 128 letters, digits, dots, dashes or underscores, and begin with a letter or digit',
  );

export const scheduleRequestSchema = z.strictObject({
  id: scheduleIdSchema.optional(),
  /** The workspace's name; only a bare workflow start needs it, an API key already says it. */
  workspace: plainText.min(1).max(128).optional(),
  /** The connected account's name or id. */
  account: plainText.min(1).max(128),
  platform: plainText.min(1).max(64).optional(),
  ...givenContentSchema.shape,
  /** ISO 8601 with an offset; absent or null means at once. */
  publishAt: instantText.nullish(),
  mode: z.enum(DELIVERY_MODES).default('publish'),
  approvalRequired: z.boolean().default(false),
  options: optionsSchema.default({}),
  /** The last moment at which it may go out, as ISO 8601 with an offset; past it nothing is created any more. */
  publishBefore: instantText.nullish(),
  deliverySet: deliverySetSchema.nullish(),
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

/** How many problems are told, and how much of a caller's own words: who sent more has enough to correct. */
const TOLD_PROBLEMS = 20;
const TOLD_CHARS = 200;

/**
 * Turns zod's issues into field problems, an unknown key named as its own field. `under` is where the checked value
 * stands in the request. Callers' words come back cut and plain.
 */
export function fieldProblems(error: z.ZodError, under: readonly PropertyKey[] = []): FieldProblem[] {
  const wrongType = new Set<string>();
  const issues = error.issues.filter((issue) => {
    const field = issue.path.join('.');
    // A list that stands for a text is also too short for one: the first word says enough.
    if (wrongType.has(field)) return false;
    if (issue.code === 'invalid_type') wrongType.add(field);
    return true;
  });
  return issues.flatMap((issue) => problemsOf(issue, [...under, ...issue.path])).slice(0, TOLD_PROBLEMS);
}

function problemsOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): FieldProblem[] {
  const field = (...more: readonly string[]) => toPlainText([...path.map(String), ...more].join('.'), TOLD_CHARS);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, TOLD_PROBLEMS).map((key) => ({ field: field(key), problem: 'is not a known field' }));
  }
  const { problem, limit } = issueWords(issue);
  return [{ field: field(), problem: toPlainText(problem, TOLD_CHARS), ...(limit === undefined ? {} : { limit }) }];
}
