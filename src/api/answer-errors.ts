// Turns whatever went wrong into the one envelope: typed refusals as they are, everything else without its details.

import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { errorBodySchema } from '../domain/api/api-problems.ts';
import { isDatabaseDown } from '../ledger/database/database.ts';
import { type IntakeProblem, IntakeRefused } from '../publishing/intake/intake-refused.ts';
import { ReplayUnanswered, TemporalUnavailable } from '../publishing/messages/request-replay.ts';
import { ApiRefused } from './api-refused.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';

const INTAKE_STATUS = {
  invalid_schedule: 422,
  unknown_account: 404,
  unknown_workspace: 404,
  ambiguous_account: 409,
  invalid_run: 422,
  run_conflict: 409,
  schedule_conflict: 409,
  media_unreachable: 503,
} as const satisfies Record<IntakeProblem, number>;

const SOON = { headers: { 'Retry-After': '2' } };

/** Answers an error. What nobody foresaw is logged here and told to nobody else. */
export function answerError({ log }: Pick<ApiDeps, 'log'>) {
  return (error: Error, c: Context<ApiEnv>): Response => {
    if (error instanceof IntakeRefused) {
      const { code, message, problems } = error;
      const headers = code === 'media_unreachable' ? SOON.headers : {};
      return c.json(errorBodySchema.parse({ error: { code, message, problems } }), INTAKE_STATUS[code], headers);
    }
    const refused = asRefused(error);
    if (refused.status >= 500)
      log.error({ err: rootOf(error), method: c.req.method, path: c.req.path }, refused.message);
    return c.json(errorBodySchema.parse(refused.body), refused.status, refused.headers);
  };
}

function asRefused(error: Error): ApiRefused {
  if (error instanceof ApiRefused) return error;
  if (error instanceof TemporalUnavailable) return new ApiRefused('temporal_unavailable', SOON);
  if (error instanceof ReplayUnanswered) return new ApiRefused('replay_unanswered', SOON);
  if (isDatabaseDown(error)) return new ApiRefused('ledger_unavailable', SOON);
  // The framework's own refusals of a body.
  if (error instanceof HTTPException && error.status === 415) return new ApiRefused('unsupported_media_type');
  if (error instanceof HTTPException && error.status === 400) return new ApiRefused('malformed_body');
  return new ApiRefused('internal_error');
}

/** What really happened. The errors around it repeat statements with their values, which are nobody's business in a log. */
function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}
