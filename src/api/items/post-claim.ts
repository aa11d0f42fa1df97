// POST /api/schedules/{id}/claim: who looks after an item.
import { createRoute, z } from '@hono/zod-openapi';
import { CLAIM_WISHES } from '../../domain/people/claim.ts';
import { claimItem } from '../../ledger/schedules/claims.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from '../schedules/schedule-path.ts';

const requestSchema = z.strictObject({ wish: z.enum(CLAIM_WISHES).default('claim') }).meta({ id: 'ClaimRequest' });
const answerSchema = z
  .object({ scheduleId: z.string(), claimedBy: z.string().nullable().meta({ description: 'Null: nobody any more.' }) })
  .meta({ id: 'Claimed' });

/** Registers the operation. */
export function postClaim(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/schedules/{id}/claim',
    operationId: 'post-claim',
    summary: 'Claim an item, take it over, or give it back',
    security: securityOf('publish.claim'),
    middleware: [allowed(deps, 'publish.claim'), ...jsonBody(deps)],
    request: { params: schedulePath, body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
    responses: {
      200: json(answerSchema, 'Who looks after it now.'),
      ...refusals('malformed_body', 'unauthenticated', 'scope_missing', 'not_found', 'claimed_by_other', 'message_refused'),
      ...refusals('body_too_large', 'unsupported_media_type', 'invalid_request', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const scheduleId = scheduleIdOf(c.req.valid('param').id);
    const { wish } = c.req.valid('json');
    const decision = await claimItem(deps.ledger, { workspaceId, scheduleId, actor, wish });
    if (!decision) throw new ApiRefused('not_found');
    if (decision.kind === 'ended') throw new ApiRefused('message_refused', { reason: 'already_over' });
    if (decision.kind === 'claimed_by_other') {
      const message = `${decision.by.label} has claimed it; nothing was changed; send "take_over" if you mean to.`;
      throw new ApiRefused('claimed_by_other', { message });
    }
    return c.json(answerSchema.parse({ scheduleId, claimedBy: decision.owner?.label ?? null }), 200);
  });
}
