// GET /api/keys: the API keys of the workspace, without their secrets. Keys are made and revoked by people.
import { createRoute } from '@hono/zod-openapi';
import { apiKeysSchema, apiKeysView } from '../../domain/people/people-view.ts';
import { listApiKeys } from '../../ledger/workspaces/api-keys.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

/** Registers the operation. */
export function getKeys(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/keys',
    operationId: 'get-keys',
    summary: 'List the API keys that were not revoked',
    security: securityOf('keys.read'),
    middleware: [allowed(deps, 'keys.read')],
    responses: {
      200: json(apiKeysSchema, 'Oldest first.'),
      ...refusals('unauthenticated', 'scope_missing', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const keys = await listApiKeys(deps.ledger, c.get('caller').workspaceId);
    return c.json(apiKeysSchema.parse(apiKeysView(keys)), 200);
  });
}
