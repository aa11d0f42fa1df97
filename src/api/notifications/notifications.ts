// /api/notifications: the channels of the workspace, what they were told, and what they could not be told.
import { createRoute, z } from '@hono/zod-openapi';
import { DELIVERY_STATES, notificationsSchema, queuedSchema } from '../../domain/notifications/delivery.ts';
import { sendAgain, tryChannel } from '../../notifications/ask.ts';
import { viewNotifications } from '../../notifications/view.ts';
import { readCursor } from '../../recovery/cursor.ts';
import { ApiRefused, invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const querySchema = z.object({
  state: z
    .enum(DELIVERY_STATES)
    .optional()
    .meta({ description: 'Only messages in this state; `dead`: the dead letters.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional().meta({ description: '`nextCursor` of the page before.' }),
});
const testRequestSchema = z.strictObject({ channel: z.string() }).meta({ id: 'ChannelTestRequest' });
const unusable = refusals('unauthenticated', 'scope_missing', 'internal_error', 'ledger_unavailable');

/** Registers the operations. */
export function notificationOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  redeliver(api, deps);
  test(api, deps);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/notifications',
    operationId: 'get-notifications',
    summary: 'List channels and messages, newest first',
    security: securityOf('notifications.read'),
    middleware: [allowed(deps, 'notifications.read')],
    request: { query: querySchema },
    responses: {
      200: json(notificationsSchema, 'The channels, and one page of messages.'),
      ...unusable,
      ...refusals('invalid_request'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, workspaceName } = c.get('caller');
    const { cursor, state, limit } = c.req.valid('query');
    const after = cursor === undefined ? null : readCursor(cursor);
    if (cursor !== undefined && (after === null || !z.uuid().safeParse(after.id).success)) {
      throw invalidRequest([{ field: 'cursor', problem: 'is not a cursor of this list; begin again without one' }]);
    }
    const page = await viewNotifications(deps, { workspaceId, workspaceName, state, after, limit });
    return c.json(notificationsSchema.parse(page), 200);
  });
}

function redeliver(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/notifications/{id}/redeliver',
    operationId: 'post-notification-redeliver',
    summary: 'Send a message again',
    description: 'Under the id it had, so that a receiver that has it already knows it; all its tries begin anew.',
    security: securityOf('notifications.change'),
    middleware: [allowed(deps, 'notifications.change')],
    request: { params: z.object({ id: z.string() }) },
    responses: { 202: json(queuedSchema, 'It is on its way.'), ...unusable, ...refusals('not_found') },
  });
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await sendAgain(deps, c.get('caller'), id))) throw new ApiRefused('not_found');
    return c.json(queuedSchema.parse({ id }), 202);
  });
}

function test(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/notifications/test',
    operationId: 'post-notification-test',
    summary: 'Try a channel with a message that says it is a test',
    security: securityOf('notifications.change'),
    middleware: [allowed(deps, 'notifications.change'), ...jsonBody(deps)],
    request: { body: { required: true, content: { 'application/json': { schema: testRequestSchema } } } },
    responses: {
      202: json(queuedSchema, 'It is on its way.'),
      ...unusable,
      ...refusals('not_found', 'malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_request'),
    },
  });
  api.openapi(route, async (c) => {
    const id = await tryChannel(deps, c.get('caller'), c.req.valid('json').channel);
    if (id === null) throw new ApiRefused('not_found');
    return c.json(queuedSchema.parse({ id }), 202);
  });
}
