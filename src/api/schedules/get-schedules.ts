// GET /api/schedules: every schedule of the workspace, in all states.
import { createRoute, z } from '@hono/zod-openapi';
import { itemPageSchema } from '../../domain/schedules/item.ts';
import { readCursor } from '../../recovery/cursor.ts';
import { filterOf, itemQueryShape } from '../../recovery/item-query.ts';
import { listItems } from '../../recovery/list-items.ts';
import { invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const querySchema = z.strictObject({
  ...itemQueryShape,
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional().meta({ description: '`nextCursor` of the page before.' }),
});

/** Registers the operation. */
export function getSchedules(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/schedules',
    operationId: 'get-schedules',
    summary: 'List schedules',
    description:
      'Everything, whatever its state, each as an item; newest publish time first unless another order is named.',
    security: securityOf('schedules.read'),
    middleware: [allowed(deps, 'schedules.read')],
    request: { query: querySchema },
    responses: {
      200: json(itemPageSchema, 'One page of schedules.'),
      ...refusals('unauthenticated', 'scope_missing', 'invalid_request', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const { cursor, state, limit, order = 'newest_due', ...words } = c.req.valid('query');
    const after = cursor === undefined ? null : readCursor(cursor);
    if (cursor !== undefined && after === null) {
      throw invalidRequest([{ field: 'cursor', problem: 'is not a cursor of this list; begin again without one' }]);
    }
    const { workspaceId, actor } = c.get('caller');
    const filter = filterOf(words, actor.id);
    const states = state && [state];
    const page = await listItems(deps.ledger, { workspaceId, all: true, states, order, filter, after, limit });
    return c.json(itemPageSchema.parse(page), 200);
  });
}
