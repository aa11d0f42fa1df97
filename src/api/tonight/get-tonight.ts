// GET /api/tonight: everything that is due within a day, with what will stop it.
import { createRoute, z } from '@hono/zod-openapi';
import { tonightSchema } from '../../domain/tonight/tonight.ts';
import { countTonight, type TonightCheck } from '../../ledger/tonight/tonight.ts';
import { lookAtTheNight, theNight } from '../../publishing/tonight/night.ts';
import { assembleItem } from '../../recovery/item.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const SHOWN = 200;

/** Registers the operation. */
export function getTonight(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/tonight',
    operationId: 'get-tonight',
    summary: 'See what is due within a day and what will stop it',
    description: `The first ${SHOWN}, the first due first. With \`fresh=true\` each of them is looked at now, its media included.`,
    security: securityOf('items.read'),
    middleware: [allowed(deps, 'items.read')],
    request: { query: z.strictObject({ fresh: z.enum(['true', 'false']).default('false') }) },
    responses: {
      200: json(tonightSchema, 'The night.'),
      ...refusals('unauthenticated', 'scope_missing', 'invalid_request', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId } = c.get('caller');
    if (c.req.valid('query').fresh === 'true') await lookAtTheNight(deps, workspaceId, SHOWN);
    const [due, checks] = await Promise.all([
      countTonight(deps.ledger, workspaceId),
      theNight(deps.ledger, workspaceId, SHOWN),
    ]);
    return c.json(tonightSchema.parse({ due, publishes: checks.map(shown) }), 200);
  });
}

function shown({ facts, checkedAt, findings }: TonightCheck) {
  return { item: assembleItem(facts), checkedAt: checkedAt?.toISOString() ?? null, findings };
}
