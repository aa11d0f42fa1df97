// GET /api/schedules/{id}: the whole record of one schedule, with its attempts and audit trail.
import { createRoute, z } from '@hono/zod-openapi';
import { scheduleIdSchema } from '../../domain/schedules/schedule-request.ts';
import { scheduleViewSchema } from '../../domain/schedules/schedule-view.ts';
import { viewSchedule } from '../../recovery/schedule-view.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

/** Registers the operation. */
export function getSchedule(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/schedules/{id}',
    operationId: 'get-schedule',
    summary: 'Read one schedule with its attempts and audit trail',
    security: securityOf('schedules.read'),
    middleware: [allowed(deps, 'schedules.read')],
    request: { params: z.object({ id: z.string() }) },
    responses: {
      200: json(scheduleViewSchema, 'The schedule.'),
      ...refusals('unauthenticated', 'scope_missing', 'not_found', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId: id, workspaceName: name } = c.get('caller');
    // What cannot be an id names nothing.
    const wanted = scheduleIdSchema.safeParse(c.req.valid('param').id);
    const view = wanted.success ? await viewSchedule(deps.ledger, { id, name }, wanted.data) : null;
    if (!view) throw new ApiRefused('not_found');
    return c.json(scheduleViewSchema.parse(view), 200);
  });
}
