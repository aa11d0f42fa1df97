// GET /api/activity: the audit trail, newest first, with the state of its chain.
import { createRoute, z } from '@hono/zod-openapi';
import { activityPageSchema } from '../../domain/audit/activity.ts';
import { plainText } from '../../domain/schedules/post.ts';
import { listActivity } from '../../recovery/activity.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const words = plainText.max(200).optional();
const querySchema = z.strictObject({
  trace: words.meta({ description: 'Only this trace.' }),
  type: words.meta({
    description: 'Only this type, or those that begin with it: `schedule` finds `schedule.created`.',
  }),
  actor: words.meta({ description: 'Only this actor, by id or label.' }),
  schedule: words.meta({ description: 'Only this schedule.' }),
  trace_id: words.meta({ description: 'The same as `trace`.' }),
  outcome: z.enum(['success', 'failure']).optional().meta({ description: 'Only rows that say so.' }),
  tool: words.meta({
    description: 'Only tool calls to it: `http`, `mcp`, `command`, or the whole of it, `mcp blog/create_post`.',
  }),
  since: z.iso.datetime({ offset: true }).optional().meta({ description: 'From this instant on.' }),
  until: z.iso.datetime({ offset: true }).optional().meta({ description: 'Before this instant.' }),
  before: z.coerce.number().int().min(1).optional().meta({ description: '`nextBefore` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** Registers the operation. */
export function getActivity(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/activity',
    operationId: 'get-activity',
    summary: 'Read the audit trail',
    description: 'Newest first. The chain is looked at anew once a minute at most.',
    security: securityOf('activity.read'),
    middleware: [allowed(deps, 'activity.read')],
    request: { query: querySchema },
    responses: {
      200: json(activityPageSchema, 'One page of the trail.'),
      ...refusals('unauthenticated', 'scope_missing', 'invalid_request', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const { trace, trace_id, schedule: scheduleId, since, until, before = null, ...words } = c.req.valid('query');
    const { workspaceId } = c.get('caller');
    const times = { since: since ? new Date(since) : undefined, until: until ? new Date(until) : undefined };
    const filter = { traceId: trace ?? trace_id, scheduleId, before, ...words, ...times };
    const page = await listActivity(deps.ledger, { workspaceId, ...filter });
    return c.json(activityPageSchema.parse(page), 200);
  });
}
