// GET /api/people: who belongs to the workspace. People are changed by people, so there is nothing here that changes them.
import { createRoute } from '@hono/zod-openapi';
import { peopleSchema, peopleView } from '../../domain/people/people-view.ts';
import { listMembers } from '../../ledger/people/users.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

/** Registers the operation. */
export function getPeople(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/people',
    operationId: 'get-people',
    summary: 'List the people of the workspace',
    security: securityOf('people.read'),
    middleware: [allowed(deps, 'people.read')],
    responses: {
      200: json(peopleSchema, 'Everybody, by name.'),
      ...refusals('unauthenticated', 'scope_missing', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const members = await listMembers(deps.ledger, c.get('caller').workspaceId);
    return c.json(peopleSchema.parse(peopleView(members)), 200);
  });
}
