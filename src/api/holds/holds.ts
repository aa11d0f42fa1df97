// /api/holds: stops every create of a workspace, an account or a delivery set at once, and lets it go again.
import { createRoute, z } from '@hono/zod-openapi';
import { HOLD_SCOPES, holdReasonSchema, holdTargetSchema } from '../../domain/schedules/hold.ts';
import { instantText } from '../../domain/schedules/instant.ts';
import { instantSchema } from '../../domain/schedules/item.ts';
import { paceSchema } from '../../domain/schedules/pace.ts';
import { activeHolds, countHeld, type Hold, placeHold } from '../../ledger/holds/holds.ts';
import { release } from '../../publishing/workflows/release-hold.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const holdSchema = z
  .object({
    id: z.string(),
    scope: z.enum(HOLD_SCOPES),
    targetId: z.string().meta({ description: "The account's id or the delivery set's; empty for the whole workspace." }),
    reason: z.string(),
    placedBy: z.string(),
    placedAt: instantSchema,
    keptBack: z.int().meta({ description: 'How many publishes it has kept back by now.' }),
  })
  .meta({ id: 'Hold' });
const holdsSchema = z.object({ holds: z.array(holdSchema) }).meta({ id: 'Holds' });
const placeRequestSchema = z
  .strictObject({ target: holdTargetSchema, reason: holdReasonSchema })
  .meta({ id: 'HoldRequest' });
const placedSchema = z
  .object({ id: z.string(), placed: z.boolean().meta({ description: 'False: such a hold stood already.' }) })
  .meta({ id: 'HoldPlaced' });
const releaseRequestSchema = z
  .strictObject({
    pace: paceSchema.default({ kind: 'at_once' }),
    /** What was due before that does not go out any more by itself. */
    notOlderThan: instantText.nullish(),
  })
  .meta({ id: 'ReleaseRequest' });
const releasedSchema = z
  .object({ released: z.int(), missed: z.int().meta({ description: 'Too old: each wants a new time.' }) })
  .meta({ id: 'HoldReleased' });
const unusable = refusals('unauthenticated', 'scope_missing', 'internal_error', 'ledger_unavailable');
const unreadable = refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_request');

/** Registers the operations. */
export function holdOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  place(api, deps);
  letGo(api, deps);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/holds',
    operationId: 'get-holds',
    summary: 'List the active holds',
    security: securityOf('items.read'),
    middleware: [allowed(deps, 'items.read')],
    responses: { 200: json(holdsSchema, 'Oldest first.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const active = await activeHolds(deps.ledger, c.get('caller').workspaceId);
    const holds = await Promise.all(active.map((hold) => shown(deps, hold)));
    return c.json(holdsSchema.parse({ holds }), 200);
  });
}

function place(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/holds',
    operationId: 'post-hold',
    summary: 'Hold publishing',
    description: 'From now on nothing of the target is created, what is being prepared included. What falls due waits, and says so.',
    security: securityOf('hold.change'),
    middleware: [allowed(deps, 'hold.change'), ...jsonBody(deps)],
    request: { body: { required: true, content: { 'application/json': { schema: placeRequestSchema } } } },
    responses: { 200: json(placedSchema, 'The hold stands.'), ...unusable, ...unreadable, ...refusals('not_found') },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const placed = await placeHold(deps.ledger, { workspaceId, actor, ...c.req.valid('json') });
    if (!placed) throw new ApiRefused('not_found');
    return c.json(placedSchema.parse(placed), 200);
  });
}

function letGo(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/holds/{id}/release',
    operationId: 'post-hold-release',
    summary: 'Release a hold, and say how what is late goes out',
    security: securityOf('hold.change'),
    middleware: [allowed(deps, 'hold.change'), ...jsonBody(deps)],
    request: {
      params: z.object({ id: z.string() }),
      body: { required: true, content: { 'application/json': { schema: releaseRequestSchema } } },
    },
    responses: { 200: json(releasedSchema, 'Released.'), ...unusable, ...unreadable, ...refusals('not_found') },
  });
  api.openapi(route, async (c) => {
    const { pace, notOlderThan } = c.req.valid('json');
    const cut = notOlderThan ? new Date(notOlderThan) : null;
    const { id: holdId } = c.req.valid('param');
    const released = await release(deps, { caller: c.get('caller'), holdId, pace, notOlderThan: cut });
    if (!released) throw new ApiRefused('not_found');
    return c.json(releasedSchema.parse(released), 200);
  });
}

async function shown({ ledger }: ApiDeps, hold: Hold) {
  const { id, scope, targetId, reason, placedBy, placedAt } = hold;
  const keptBack = await countHeld(ledger, hold);
  return { id, scope, targetId, reason, placedBy: placedBy.label, placedAt: placedAt.toISOString(), keptBack };
}
