// POST /api/runs/{id}/rechecks/{recheckId}/accept: says that what a look found of a published post is meant so.
import { createRoute, z } from '@hono/zod-openapi';
import { ACCEPT_REFUSALS } from '../../domain/pipeline/recheck.ts';
import { acceptedSchema, acceptRequestSchema } from '../../domain/pipeline/recheck-view.ts';
import { acceptFound } from '../../pipeline/recheck/accept-finding.ts';
import { viewRecheck } from '../../pipeline/recheck/view-recheck.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

/** Registers the operation. */
export function postAccept(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/runs/{id}/rechecks/{recheckId}/accept',
    operationId: 'post-run-accept',
    summary: 'Say that what a look found of a published post is meant so',
    description:
      'It stands as found wrong no more, for as long as looks find exactly that. Said again, the first word stands. A refusal is ' +
      `answered with 409 and its reason, one of: ${Object.keys(ACCEPT_REFUSALS).join(', ')}.`,
    security: securityOf('runs.recheck'),
    middleware: [allowed(deps, 'runs.recheck'), ...jsonBody(deps)],
    request: {
      params: z.object({ id: z.string(), recheckId: z.string() }),
      body: { required: true, content: { 'application/json': { schema: acceptRequestSchema } } },
    },
    responses: {
      200: json(acceptedSchema, 'Accepted.'),
      ...refusals('unauthenticated', 'scope_missing', 'not_found', 'internal_error', 'ledger_unavailable'),
      ...refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_request', 'message_refused'),
    },
  });
  api.openapi(route, async (c) => {
    const { id: runId, recheckId } = c.req.valid('param');
    const { note } = c.req.valid('json');
    const said = await acceptFound(deps, { caller: c.get('caller'), runId, recheckId, note });
    if (said.kind === 'unknown') throw new ApiRefused('not_found');
    if (said.kind === 'refused') {
      const { reason } = said;
      throw new ApiRefused('message_refused', { message: ACCEPT_REFUSALS[reason], reason });
    }
    return c.json(acceptedSchema.parse({ id: runId, recheck: viewRecheck(said.recheck) }), 200);
  });
}
