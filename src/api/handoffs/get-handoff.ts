// GET /api/handoffs/{id}: the pack with which a person publishes a post by hand.
import { createRoute } from '@hono/zod-openapi';
import { handoffPackSchema } from '../../domain/handoff/pack.ts';
import { openPack } from '../../handoff/pack.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from '../schedules/schedule-path.ts';

/** Registers the operation. */
export function getHandoff(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/handoffs/{id}',
    operationId: 'get-handoff',
    summary: 'Read the handoff pack of a schedule',
    description:
      'Its files are at `/api/handoffs/{id}/assets/{number}`, all of them at `/api/handoffs/{id}/assets.zip`. `handoff` is null ' +
      'while the post is not handed to a person.',
    security: securityOf('schedules.read'),
    middleware: [allowed(deps, 'schedules.read')],
    request: { params: schedulePath },
    responses: {
      200: json(handoffPackSchema, 'The pack.'),
      ...refusals('unauthenticated', 'scope_missing', 'not_found', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId } = c.get('caller');
    const opened = await openPack(deps, workspaceId, scheduleIdOf(c.req.valid('param').id));
    if (!opened) throw new ApiRefused('not_found');
    return c.json(handoffPackSchema.parse(opened.pack), 200);
  });
}
