// GET /api/report: the morning report, as it would be told now.
import { createRoute, z } from '@hono/zod-openapi';
import { reportSchema } from '../../domain/notifications/report.ts';
import { instantText } from '../../domain/schedules/instant.ts';
import { morningReport, sinceLastReport } from '../../recovery/morning-report.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const querySchema = z.object({
  since: instantText
    .optional()
    .meta({ description: 'From when on it tells. Without it: from where the last report began, or a day ago.' }),
});

/** Registers the operation. */
export function getReport(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/report',
    operationId: 'get-report',
    summary: 'What went live, what broke and who owns it, and what is waiting',
    security: securityOf('report.read'),
    middleware: [allowed(deps, 'report.read')],
    request: { query: querySchema },
    responses: {
      200: json(reportSchema, 'The report.'),
      ...refusals('unauthenticated', 'scope_missing', 'invalid_request', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, workspaceName } = c.get('caller');
    const { since: wanted } = c.req.valid('query');
    const since = wanted === undefined ? await sinceLastReport(deps.ledger, workspaceId) : new Date(wanted);
    const report = await morningReport(deps.ledger, { workspaceId, workspaceName, since });
    return c.json(reportSchema.parse(report), 200);
  });
}
