// POST /api/handoffs/{id}/completion: records that a post was published by hand, and has its address looked at.
import { createRoute, z } from '@hono/zod-openapi';
import { IDEMPOTENCY_HEADER, idempotencyKeySchema } from '../../domain/api/idempotency-key.ts';
import { handoffPackSchema } from '../../domain/handoff/pack.ts';
import { MESSAGE_SCHEMAS } from '../../domain/messages/messages.ts';
import { completeHandoff } from '../../handoff/complete.ts';
import { openPack } from '../../handoff/pack.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from '../schedules/schedule-path.ts';

const requestSchema = MESSAGE_SCHEMAS.completeHandoff.omit({ completedBy: true }).meta({ id: 'CompletionRequest' });

/** Registers the operation. */
export function postCompletion(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/handoffs/{id}/completion',
    operationId: 'post-handoff-completion',
    summary: 'Record that a post was published by hand',
    description: `The first record stands; another is refused with 409. Sent again with the same ${IDEMPOTENCY_HEADER} it is the same record.`,
    security: securityOf('publish.handoff'),
    middleware: [allowed(deps, 'publish.handoff'), ...jsonBody(deps)],
    request: {
      params: schedulePath,
      headers: z.object({ [IDEMPOTENCY_HEADER]: idempotencyKeySchema.optional() }),
      body: { required: true, content: { 'application/json': { schema: requestSchema } } },
    },
    responses: {
      200: json(handoffPackSchema, 'Recorded: the pack as it is now.'),
      ...refusals(
        'malformed_body',
        'unauthenticated',
        'scope_missing',
        'not_found',
        'message_refused',
        'body_too_large',
      ),
      ...refusals('unsupported_media_type', 'invalid_request', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    const scheduleId = scheduleIdOf(c.req.valid('param').id);
    const key = c.req.valid('header')[IDEMPOTENCY_HEADER];
    const messageId = key === undefined ? undefined : `key-${sha256Hex(`${caller.actor.id}\n${key}`)}`;
    const verdict = await completeHandoff(deps, { caller, scheduleId, messageId, ...c.req.valid('json') });
    if (!verdict) throw new ApiRefused('not_found');
    if (!verdict.accepted) {
      const { reason, reasons, text } = verdict;
      throw new ApiRefused('message_refused', { message: text, reason: reason ?? undefined, reasons });
    }
    const opened = await openPack(deps, caller.workspaceId, scheduleId);
    if (!opened) throw new ApiRefused('not_found');
    return c.json(handoffPackSchema.parse(opened.pack), 200);
  });
}
