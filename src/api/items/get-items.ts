// GET /api/items: the recovery surface: what broke, who owns it, is it live, may it be replayed.
import { createRoute, z } from '@hono/zod-openapi';
import { itemPageSchema } from '../../domain/schedules/item.ts';
import { readCursor } from '../../recovery/cursor.ts';
import { filterOf, itemQueryShape } from '../../recovery/item-query.ts';
import { listItems } from '../../recovery/list-items.ts';
import { invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

const querySchema = z.strictObject({
  ...itemQueryShape,
  needsPerson: flag.meta({ description: 'Only items that wait for a person.' }),
  all: flag.meta({ description: 'Also what has ended and what simply waits for its time.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional().meta({ description: '`nextCursor` of the page before.' }),
});

/** Registers the operation. */
export function getItems(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/items',
    operationId: 'get-items',
    summary: 'List the recovery surface',
    description:
      'Newest publish time first. Without a state: everything that has not ended and does not simply wait for its time.',
    security: securityOf('items.read'),
    middleware: [allowed(deps, 'items.read')],
    request: { query: querySchema },
    responses: {
      200: json(itemPageSchema, 'One page of items.'),
      ...refusals('unauthenticated', 'scope_missing', 'invalid_request', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const { cursor, state, all, limit, needsPerson, order = 'newest_due', ...words } = c.req.valid('query');
    // A state that is named is shown wherever it stands.
    const states = state && { states: [state], all: true };
    const after = cursor === undefined ? null : readCursor(cursor);
    if (cursor !== undefined && after === null) {
      throw invalidRequest([{ field: 'cursor', problem: 'is not a cursor of this list; begin again without one' }]);
    }
    const { workspaceId, actor } = c.get('caller');
    const page = await listItems(deps.ledger, {
      workspaceId,
      after,
      all,
      limit,
      needsPerson,
      order,
      filter: filterOf(words, actor.id),
      ...states,
    });
    return c.json(itemPageSchema.parse(page), 200);
  });
}
