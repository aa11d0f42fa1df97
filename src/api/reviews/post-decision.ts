// POST /api/schedules/{id}/decisions: somebody of the workspace approves or rejects exactly the version that was looked at.
import { createRoute } from '@hono/zod-openapi';
import { decidedSchema, decisionRequestSchema, SUPERSESSION_TEXT } from '../../domain/reviews/decision.ts';
import { viewVersion } from '../../domain/schedules/version-view.ts';
import type { DecisionReply } from '../../ledger/reviews/decisions.ts';
import { findVersion } from '../../ledger/schedules/versions.ts';
import { decideVersion } from '../../publishing/reviews/decide-version.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from '../schedules/schedule-path.ts';

/** Registers the operation. */
export function postDecision(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/schedules/{id}/decisions',
    operationId: 'post-decision',
    summary: 'Approve or reject a version of a post',
    description:
      'The later of two decisions on one version counts. A publish that was stopped for want of an approval goes on by itself, unless its time is too long past.',
    security: securityOf('review.decide'),
    middleware: [allowed(deps, 'review.decide'), ...jsonBody(deps)],
    request: {
      params: schedulePath,
      body: { required: true, content: { 'application/json': { schema: decisionRequestSchema } } },
    },
    responses: {
      200: json(decidedSchema, 'The decision stands.'),
      ...refusals('malformed_body', 'unauthenticated', 'scope_missing', 'not_found', 'superseded', 'body_too_large'),
      ...refusals('unsupported_media_type', 'invalid_request', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    const scheduleId = scheduleIdOf(c.req.valid('param').id);
    const request = c.req.valid('json');
    const reply = await decideVersion(deps, { caller, scheduleId, request });
    if (!reply) throw new ApiRefused('not_found');
    const { expectedFingerprint: fingerprint, verdict } = request;
    if (reply.kind === 'superseded') throw await supersededBy(deps, reply, fingerprint);
    const { goesOn, tooLate } = reply;
    return c.json(decidedSchema.parse({ scheduleId, fingerprint, verdict, goesOn, tooLate }), 200);
  });
}

/** The refusal of what was decided about a version that is not the present one, with both. */
export async function supersededBy(
  { ledger }: Pick<ApiDeps, 'ledger'>,
  { reason, schedule }: Extract<DecisionReply, { kind: 'superseded' }>,
  expectedFingerprint: string,
): Promise<ApiRefused> {
  const expected = await findVersion(ledger.db, schedule, expectedFingerprint);
  return new ApiRefused('superseded', {
    message: `${SUPERSESSION_TEXT[reason]} Nothing was decided; look at the present version, then decide.`,
    supersessionReason: reason,
    versions: {
      expected: expected && viewVersion(expected, expectedFingerprint),
      present: viewVersion(schedule, schedule.fingerprint),
    },
  });
}
