// GET /api/invitations: who is invited and has not come yet.
import { createRoute } from '@hono/zod-openapi';
import { invitationsSchema, invitationsView } from '../../domain/people/people-view.ts';
import { listInvitations } from '../../ledger/people/invitations.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

/** Registers the operation. */
export function getInvitations(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/invitations',
    operationId: 'get-invitations',
    summary: 'List the invitations that were neither taken nor revoked',
    security: securityOf('people.read'),
    middleware: [allowed(deps, 'people.read')],
    responses: {
      200: json(invitationsSchema, 'Oldest first.'),
      ...refusals('unauthenticated', 'scope_missing', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const open = await listInvitations(deps.ledger, c.get('caller').workspaceId);
    return c.json(invitationsSchema.parse(invitationsView(open)), 200);
  });
}
