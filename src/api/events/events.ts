// /api/events and /api/connectors: what came in, by which ways it may, and the keys by which one that came before is known.
import { createRoute, z } from '@hono/zod-openapi';
import { connectorRequestSchema } from '../../domain/events/connector.ts';
import { ROUTINGS } from '../../domain/events/routing.ts';
import {
  connectorMadeSchema,
  connectorsSchema,
  dedupeKeySchema,
  eventsSchema,
  keyClearedSchema,
} from '../../domain/events/view.ts';
import { listConnectors, makeConnector } from '../../ledger/events/connectors.ts';
import { clearDedupeKey, listEvents } from '../../ledger/events/take-in.ts';
import { viewConnector, viewEvent } from '../../operations/events/view-event.ts';
import { newSecret } from '../../operations/intake/take-in-webhook.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const unusable = refusals(
  'unauthenticated',
  'scope_missing',
  'internal_error',
  'ledger_unavailable',
  'invalid_request',
);

/** Registers the operations. */
export function eventOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  clear(api, deps);
  connectors(api, deps);
  make(api, deps);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/events',
    operationId: 'get-events',
    summary: 'List events',
    security: securityOf('events.read'),
    middleware: [allowed(deps, 'events.read')],
    request: {
      query: z.strictObject({
        routing: z.enum(ROUTINGS).optional(),
        connector: z.uuid().optional(),
        after: z.uuid().optional().meta({ description: '`next` of the page before.' }),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
    },
    responses: { 200: json(eventsSchema, 'The newest first.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const { limit, connector: connectorId, ...filter } = c.req.valid('query');
    const { workspaceId } = c.get('caller');
    const found = await listEvents(deps.ledger, { workspaceId, connectorId, ...filter, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const next = found.length > limit ? (shown.at(-1)?.id ?? null) : null;
    return c.json(eventsSchema.parse({ events: shown.map(viewEvent), next }), 200);
  });
}

function clear(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'delete',
    path: '/api/events/keys/{key}',
    operationId: 'delete-dedupe-key',
    summary: 'Clear a dedupe key',
    description: 'What was taken for a message that came before can then be sent again.',
    security: securityOf('events.clear'),
    middleware: [allowed(deps, 'events.clear')],
    request: { params: z.object({ key: dedupeKeySchema }) },
    responses: { 200: json(keyClearedSchema, 'It is cleared.'), ...unusable, ...refusals('not_found') },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const { key } = c.req.valid('param');
    if (!(await clearDedupeKey(deps.ledger, { workspaceId, key, actor }))) throw new ApiRefused('not_found');
    return c.json({ key, cleared: true as const }, 200);
  });
}

function connectors(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/connectors',
    operationId: 'get-connectors',
    summary: 'List the connectors',
    security: securityOf('events.read'),
    middleware: [allowed(deps, 'events.read')],
    responses: { 200: json(connectorsSchema, 'By name.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const found = await listConnectors(deps.ledger, c.get('caller').workspaceId);
    return c.json(connectorsSchema.parse({ connectors: found.map(viewConnector) }), 200);
  });
}

function make(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/connectors',
    operationId: 'post-connector',
    summary: 'Make a connector',
    security: securityOf('connectors.change'),
    middleware: [allowed(deps, 'connectors.change'), ...jsonBody(deps)],
    request: { body: { required: true, content: { 'application/json': { schema: connectorRequestSchema } } } },
    responses: {
      201: json(connectorMadeSchema, 'It is made; the secret is told this once.'),
      ...unusable,
      ...refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'connector_exists'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const request = c.req.valid('json');
    const secret = newSecret(request.kind);
    const made = await makeConnector(deps.ledger, { workspaceId, request, secret, actor });
    if (!made) throw new ApiRefused('connector_exists');
    const told = { connector: viewConnector(made), path: `/api/events/${made.id}`, secret };
    return c.json(connectorMadeSchema.parse(told), 201);
  });
}
