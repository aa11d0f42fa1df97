// GET /api/incidents: failures that share account and cause, each with its one repair.
import { createRoute } from '@hono/zod-openapi';
import { incidentsSchema } from '../../domain/incidents/incident.ts';
import { listIncidents } from '../../recovery/incidents.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const MOST = 200;

/** Registers the operation. */
export function getIncidents(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/incidents',
    operationId: 'get-incidents',
    summary: 'List the incidents',
    description: `Failures of one account for one cause, two or more, the largest first; at most ${MOST}.`,
    security: securityOf('items.read'),
    middleware: [allowed(deps, 'items.read')],
    responses: {
      200: json(incidentsSchema, 'The incidents.'),
      ...refusals('unauthenticated', 'scope_missing', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const incidents = await listIncidents(deps.ledger, c.get('caller').workspaceId, MOST);
    return c.json(incidentsSchema.parse({ incidents }), 200);
  });
}
