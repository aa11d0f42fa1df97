// POST /api/runs/{id}/recheck: has the public page of a published run looked at again. It reads, and changes nothing outside.
import { createRoute, z } from '@hono/zod-openapi';
import { RECHECK_REFUSALS } from '../../domain/pipeline/recheck.ts';
import { type RecheckAsked, recheckAskedSchema } from '../../domain/pipeline/recheck-view.ts';
import { askRecheck } from '../../pipeline/recheck/ask-recheck.ts';
import { viewRecheck } from '../../pipeline/recheck/view-recheck.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { answerOnce, idempotencyHeaders } from '../idempotency.ts';
import { json, refusals } from '../responses.ts';

const OPERATION = 'post-run-recheck';

/** Registers the operation. */
export function postRecheck(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/runs/{id}/recheck',
    operationId: OPERATION,
    summary: 'Check the public page of a published run again',
    description:
      'It is looked at in the background, as a visitor gets it; GET /api/runs/{id} tells what was found. While one is under way, ' +
      `that one is answered. A refusal is answered with 409 and its reason, one of: ${Object.keys(RECHECK_REFUSALS).join(', ')}.`,
    security: securityOf('runs.recheck'),
    middleware: [allowed(deps, 'runs.recheck')],
    request: { params: z.object({ id: z.string() }), headers: idempotencyHeaders },
    responses: {
      200: json(recheckAskedSchema, 'Asked for.'),
      ...refusals('unauthenticated', 'scope_missing', 'not_found', 'internal_error', 'ledger_unavailable'),
      ...refusals('message_refused', 'invalid_request', 'idempotency_in_progress', 'idempotency_key_reused'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const { id: runId } = c.req.valid('param');
    const key = c.req.valid('header')['Idempotency-Key'];
    const answer = async (): Promise<RecheckAsked> => {
      const asked = await askRecheck(deps, deps.client, { key: { workspaceId, runId }, actor });
      if (asked.kind === 'unknown') throw new ApiRefused('not_found');
      if (asked.kind === 'refused') {
        const { reason } = asked;
        throw new ApiRefused('message_refused', { message: RECHECK_REFUSALS[reason], reason });
      }
      const { recheck, joined } = asked;
      return { id: runId, recheck: viewRecheck(recheck), joined, href: `/api/runs/${runId}` };
    };
    if (key === undefined) return c.json(recheckAskedSchema.parse(await answer()), 200);
    const request = { workspaceId, operation: OPERATION, key, requestHash: sha256Hex(runId) };
    const { body, replayed } = await answerOnce(deps.ledger, request, answer);
    if (replayed) c.header('Idempotency-Replayed', 'true');
    return c.json(recheckAskedSchema.parse(body), 200);
  });
}
