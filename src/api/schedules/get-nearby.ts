// GET /api/schedules/{id}/nearby: what the platform's own list shows around a create whose outcome nobody knows. The platform is
// asked each time.
import { createRoute } from '@hono/zod-openapi';
import { type NearbyView, nearbyViewSchema } from '../../domain/schedules/nearby.ts';
import { nearbyOf } from '../../publishing/evidence/nearby.ts';
import { viewSchedule } from '../../recovery/schedule-view.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from './schedule-path.ts';

/** Registers the operation. */
export function getNearby(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/schedules/{id}/nearby',
    operationId: 'get-nearby',
    summary: 'Ask the platform what it lists around the time of a post',
    description: 'Evidence for a person: it decides nothing, takes no lease and renews no grant.',
    security: securityOf('publish.resolve'),
    middleware: [allowed(deps, 'publish.resolve')],
    request: { params: schedulePath },
    responses: {
      200: json(nearbyViewSchema, 'What is listed, or why it could not be read.'),
      ...refusals('unauthenticated', 'scope_missing', 'not_found', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId: id, workspaceName: name } = c.get('caller');
    const view = await viewSchedule(deps.ledger, { id, name }, scheduleIdOf(c.req.valid('param').id));
    if (!view) throw new ApiRefused('not_found');
    const { around, found } = await nearbyOf(deps, id, view);
    const posts =
      found.kind === 'read' ? found.posts.map(({ at, ...post }) => ({ ...post, at: at?.toISOString() ?? null })) : null;
    const answer: NearbyView = {
      around: around.toISOString(),
      posts,
      unread: found.kind === 'read' ? null : found.why,
    };
    return c.json(nearbyViewSchema.parse(answer), 200);
  });
}
