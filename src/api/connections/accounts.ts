// /api/accounts: the connected accounts of a workspace, connecting one with secrets, and disconnecting one.
import { createRoute, z } from '@hono/zod-openapi';
import { connectWithSecrets } from '../../connections/connect-with-secrets.ts';
import { findConnection, listConnections, TOLD_EVENTS, tellConnection } from '../../connections/list-connections.ts';
import {
  connectionSchema,
  connectionStorySchema,
  connectionsSchema,
  repairedBy,
} from '../../domain/connections/connection.ts';
import { connectedSchema, connectRequestSchema } from '../../domain/connections/secrets-request.ts';
import { disconnectAccount } from '../../ledger/accounts/disconnect.ts';
import { NotConnected } from '../../publishing/grants/not-connected.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const unusable = refusals('unauthenticated', 'scope_missing', 'internal_error', 'ledger_unavailable');
const unknown = refusals('unauthenticated', 'scope_missing', 'not_found', 'internal_error', 'ledger_unavailable');
const params = z.object({ id: z.string().meta({ param: { name: 'id', in: 'path' } }) });

/** Registers the operations. */
export function accountOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  show(api, deps);
  connect(api, deps);
  disconnect(api, deps);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/accounts',
    operationId: 'get-accounts',
    summary: 'List the connected accounts',
    security: securityOf('accounts.read'),
    middleware: [allowed(deps, 'accounts.read')],
    responses: { 200: json(connectionsSchema, 'By platform and name.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const accounts = await listConnections(deps, c.get('caller').workspaceId);
    return c.json(connectionsSchema.parse({ accounts }), 200);
  });
}

function show(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/accounts/{id}',
    operationId: 'get-account',
    summary: 'Show one connected account and what happened to it',
    description: `Its newest ${TOLD_EVENTS} events; the whole audit trail is at GET /api/activity.`,
    security: securityOf('accounts.read'),
    middleware: [allowed(deps, 'accounts.read')],
    request: { params },
    responses: { 200: json(connectionStorySchema, 'The account.'), ...unknown },
  });
  api.openapi(route, async (c) => {
    const connection = await tellConnection(deps, c.get('caller').workspaceId, c.req.valid('param').id);
    if (!connection) throw new ApiRefused('not_found');
    return c.json(connectionStorySchema.parse(connection), 200);
  });
}

function connect(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/accounts',
    operationId: 'post-account',
    summary: 'Connect an account with its secrets',
    description:
      'For platforms whose accounts are connected with secrets (Bluesky: `identifier`, `password`, `apiBase`). Others ask a person in a browser: `/connections/new`. An account that the workspace has already is reconnected.',
    security: securityOf('accounts.connect'),
    middleware: [allowed(deps, 'accounts.connect'), ...jsonBody(deps)],
    request: { body: { required: true, content: { 'application/json': { schema: connectRequestSchema } } } },
    responses: {
      200: json(connectedSchema, 'Reconnected.'),
      201: json(connectedSchema, 'Connected.'),
      ...refusals(
        'malformed_body',
        'unauthenticated',
        'scope_missing',
        'not_connected',
        'body_too_large',
        'unsupported_media_type',
        'invalid_request',
        'internal_error',
        'ledger_unavailable',
      ),
    },
  });
  api.openapi(route, async (c) => {
    const { platform, name, secrets } = c.req.valid('json');
    const meant = { accountId: null, name: name?.trim() || null };
    try {
      const made = await connectWithSecrets(deps, c.get('caller'), { platform, secrets, ...meant });
      const { accountId: id, reconnected } = made;
      const connection = await findConnection(deps, c.get('caller').workspaceId, id);
      const repaired = connection && reconnected ? repairedBy(connection) : [];
      return c.json(connectedSchema.parse({ id, reconnected, repaired }), reconnected ? 200 : 201);
    } catch (error) {
      if (error instanceof NotConnected) throw new ApiRefused('not_connected', { message: error.message });
      throw error;
    }
  });
}

function disconnect(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'delete',
    path: '/api/accounts/{id}',
    operationId: 'delete-account',
    summary: 'Disconnect an account',
    description: 'Its grant is forgotten; what is queued for it stops until it is connected again. Twice is as once.',
    security: securityOf('accounts.connect'),
    middleware: [allowed(deps, 'accounts.connect')],
    request: { params },
    responses: { 200: json(connectionSchema, 'The account as it stands now.'), ...unknown },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const accountId = c.req.valid('param').id;
    const end = await disconnectAccount(deps.ledger, { workspaceId, accountId, actor });
    const connection = end === 'unknown' ? null : await findConnection(deps, workspaceId, accountId);
    if (!connection) throw new ApiRefused('not_found');
    return c.json(connectionSchema.parse(connection), 200);
  });
}
