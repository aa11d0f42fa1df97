// GET /api/batches: the batches of the workspace that are under way, or that have ended.
import { createRoute, z } from '@hono/zod-openapi';
import { BATCH_STATES, batchPageSchema } from '../../domain/batches/batch.ts';
import { viewBatches } from '../../recovery/batch-view.ts';
import { readCursor } from '../../recovery/cursor.ts';
import { invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const querySchema = z.strictObject({
  state: z.enum(BATCH_STATES).default('under_way'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional().meta({ description: '`nextCursor` of the page before.' }),
});

/** Registers the operation. */
export function getBatches(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/batches',
    operationId: 'get-batches',
    summary: 'List batches',
    description: 'Those that are under way unless those that have ended are asked for; newest first.',
    security: securityOf('items.read'),
    middleware: [allowed(deps, 'items.read')],
    request: { query: querySchema },
    responses: {
      200: json(batchPageSchema, 'One page of batches.'),
      ...refusals('unauthenticated', 'scope_missing', 'invalid_request', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const { cursor, state, limit } = c.req.valid('query');
    const after = cursor === undefined ? null : readCursor(cursor);
    if (cursor !== undefined && (after === null || !z.uuid().safeParse(after.id).success)) {
      throw invalidRequest([{ field: 'cursor', problem: 'is not a cursor of this list; begin again without one' }]);
    }
    const { workspaceId } = c.get('caller');
    return c.json(batchPageSchema.parse(await viewBatches(deps.ledger, { workspaceId, state, after, limit })), 200);
  });
}
