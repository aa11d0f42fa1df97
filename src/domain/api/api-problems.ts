// The refusals of the HTTP API: one table of codes, one envelope. The refusals of the intake come through the same envelope.
import { z } from 'zod';
import { SUPERSESSION_REASONS } from '../reviews/decision.ts';
import type { FieldProblem } from '../schedules/schedule-request.ts';
import { versionSchema } from '../schedules/version-view.ts';

interface ProblemDefinition {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 503;
  /** One sentence: what happened, what is safe, what to do next. */
  readonly means: string;
}

export const API_PROBLEMS = {
  malformed_body: {
    status: 400,
    means: 'The body is not JSON in UTF-8; nothing was changed; correct it and send it again.',
  },
  unauthenticated: {
    status: 401,
    means: 'No valid API key came with the request; nothing was changed; send it as "Authorization: Bearer <key>".',
  },
  scope_missing: {
    status: 403,
    means: 'The API key lacks the scope for this; nothing was changed; use a key that has it.',
  },
  not_found: { status: 404, means: 'There is nothing at this address in your workspace; check the id and the path.' },
  method_not_allowed: {
    status: 405,
    means: 'This address does not take that method; nothing was changed; see the Allow header.',
  },
  replay_blocked: { status: 409, means: 'The replay is blocked; nothing was changed.' },
  replay_refused: { status: 409, means: 'The replay was refused; nothing was changed.' },
  message_refused: { status: 409, means: 'The request was refused; nothing was changed.' },
  edit_refused: { status: 409, means: 'The edit was refused; nothing was changed.' },
  batch_under_way: {
    status: 409,
    means:
      'All of them wait for their turn in a batch already; nothing was changed; cancel the rest of it to ask anew.',
  },
  claimed_by_other: {
    status: 409,
    means: 'Somebody else has claimed it; nothing was changed; take it over if you mean to.',
  },
  not_connected: { status: 409, means: 'The account was not connected; nothing was changed.' },
  proof_not_ready: {
    status: 409,
    means: 'The export has no bundle to download; look at its state, and ask for a new one if it failed.',
  },
  proof_elsewhere: {
    status: 410,
    means:
      'The bundle does not lie on this server: it was taken away, or another machine made it and the two share no data folder; ask for a new export.',
  },
  superseded: {
    status: 410,
    means:
      'The version that was looked at is not the one that would go out; nothing was decided; look at the present one.',
  },
  idempotency_in_progress: {
    status: 409,
    means: 'A request with this Idempotency-Key is still being answered; send it again in a moment.',
  },
  body_too_large: { status: 413, means: 'The body is too large; nothing was changed; send a smaller one.' },
  unsupported_media_type: {
    status: 415,
    means: 'The body must be JSON; nothing was changed; send it with "Content-Type: application/json".',
  },
  invalid_request: { status: 422, means: 'The request was refused and nothing was changed' },
  idempotency_key_reused: {
    status: 422,
    means:
      'This Idempotency-Key came before with another request; nothing was changed; use a new key for a new request.',
  },
  too_many_requests: {
    status: 429,
    means: 'Too many replays were asked for; nothing was changed; wait as long as Retry-After says.',
  },
  event_rejected: {
    status: 400,
    means: 'It could not be taken in; nothing of it was kept; correct it and send it again.',
  },
  connector_exists: {
    status: 409,
    means: 'A connector of that name is there already; nothing was made; choose another name.',
  },
  rule_exists: {
    status: 409,
    means: 'A rule of that name is there already; nothing was changed; choose another name.',
  },
  too_many_rejected: {
    status: 429,
    means:
      'So much was rejected of this connector that it is not even recorded any more; wait as long as Retry-After says.',
  },
  media_unavailable: {
    status: 409,
    means: 'A media file cannot be had now; nothing was changed; see whether its address still serves it.',
  },
  media_store_unavailable: {
    status: 503,
    means:
      'The media store cannot be used now; nothing was stored; what was stored before is safe; send it again in a moment.',
  },
  internal_error: {
    status: 500,
    means:
      'Oncepost met a fault of its own; look at the schedule before you send the request again; the log has the details.',
  },
  ledger_unavailable: {
    status: 503,
    means: 'The database cannot be reached; what was stored before is safe; send the request again in a moment.',
  },
  temporal_unavailable: {
    status: 503,
    means: 'Temporal cannot be reached; nothing was changed; send the request again in a moment.',
  },
  replay_unanswered: {
    status: 503,
    means:
      'No worker answered in time, so the replay may still begin when one is back; look at the schedule before asking again.',
  },
} as const satisfies Record<string, ProblemDefinition>;
export type ApiProblem = keyof typeof API_PROBLEMS;

/**
 * The body of every refusal. `problems` names fields and limits; `reason` and `reasons` say why a replay is blocked,
 * `targetProblem` what is wrong with its account, `supersessionReason` what has changed since a version was shown, and
 * `versions` the version a request was made for beside the present one.
 */
export const errorBodySchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      problems: z
        .array(z.object({ field: z.string(), problem: z.string(), limit: z.string().optional() }))
        .readonly()
        .optional(),
      reason: z.string().optional(),
      reasons: z.array(z.string()).readonly().optional(),
      targetProblem: z.string().optional(),
      supersessionReason: z.enum(SUPERSESSION_REASONS).optional(),
      versions: z.object({ expected: versionSchema.nullable(), present: versionSchema }).optional(),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** The problems in one line, for the sentence of a refusal. */
export function describeProblems(problems: readonly FieldProblem[]): string {
  return problems
    .map(({ field, problem, limit }) => {
      const what = field === '' ? problem : `${field} ${problem}`;
      return limit && !problem.includes(limit) ? `${what} (${limit})` : what;
    })
    .join('; ');
}
