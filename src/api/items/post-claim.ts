// POST /api/schedules/{id}/claim: who looks after an item.
import { createRoute } from '@hono/zod-openapi';
import { claimedSchema, claimRequestSchema } from '../../domain/messages/message-accepted.ts';
import { claimItem } from '../../ledger/schedules/claims.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from '../schedules/schedule-path.ts';

/** Registers the operation. */
export function postClaim(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/schedules/{id}/claim',
    operationId: 'post-claim',
    summary: 'Claim an item, take it over, or give it back',
    security: securityOf('publish.claim'),
    middleware: [allowed(deps, 'publish.claim'), ...jsonBody(deps)],
    request: {
      params: schedulePath,
      body: { required: true, content: { 'application/json': { schema: claimRequestSchema } } },
    },
    responses: {
      200: json(claimedSchema, 'Who looks after it now.'),
      ...refusals(
        'malformed_body',
        'unauthenticated',
        'scope_missing',
        'not_found',
        'claimed_by_other',
        'message_refused',
      ),
      ...refusals(
        'body_too_large',
        'unsupported_media_type',
        'invalid_request',
        'internal_error',
        'ledger_unavailable',
      ),
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
    return c.json(claimedSchema.parse({ scheduleId, claimedBy: decision.owner?.label ?? null }), 200);
  });
}
