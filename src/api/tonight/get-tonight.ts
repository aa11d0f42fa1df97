// GET /api/tonight: everything that is due within a day, with what will stop it.
import { createRoute, z } from '@hono/zod-openapi';
import { tonightSchema } from '../../domain/tonight/tonight.ts';
import { lookAgain } from '../../publishing/tonight/look-again.ts';
import { type NightEntry, theNight } from '../../publishing/tonight/night.ts';
import { readNightCursor, writeNightCursor } from '../../recovery/cursor.ts';
import { assembleItem } from '../../recovery/item.ts';
import { ApiRefused, invalidRequest } from '../api-refused.ts';
import { allowed, assertMay, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

const querySchema = z.strictObject({
  fresh: z.enum(['true', 'false']).default('false').meta({ description: 'Have all of it looked at now.' }),
  limit: z.coerce.number().int().min(1).max(200).default(200),
  cursor: z.string().max(400).optional().meta({ description: '`nextCursor` of the page before.' }),
});

/** Registers the operation. */
export function getTonight(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/tonight',
    operationId: 'get-tonight',
    summary: 'See what is due within a day and what will stop it',
    description:
      'What will be stopped first, then the first due; the counts are of all of it. With `fresh=true`, which wants the scope ' +
      '`recover` and is counted by the minute, all of it is looked at now, media included: before the answer where it is little, ' +
      'otherwise in the background, and `looking` says so.',
    security: securityOf('items.read'),
    middleware: [allowed(deps, 'items.read')],
    request: { query: querySchema },
    responses: {
      200: json(tonightSchema, 'One page of the night.'),
      ...refusals('unauthenticated', 'scope_missing', 'invalid_request', 'too_many_requests', 'temporal_unavailable'),
      ...refusals('internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    const { fresh, limit, cursor } = c.req.valid('query');
    const after = cursor === undefined ? null : readNightCursor(cursor);
    if (cursor !== undefined && after === null) {
      throw invalidRequest([{ field: 'cursor', problem: 'is not a cursor of this list; begin again without one' }]);
    }
    if (fresh === 'true') assertMay(caller, 'tonight.look');
    const looking = fresh === 'true' && (await isLooking(deps, caller.workspaceId));
    const { due, stopped, unseen, entries, next } = await theNight(deps, {
      workspaceId: caller.workspaceId,
      after,
      limit,
    });
    const nextCursor = next && writeNightCursor(next);
    const answer = { due, stopped, unseen, looking, publishes: entries.map(shown), nextCursor };
    return c.json(tonightSchema.parse(answer), 200);
  });
}

/** Looks at all of it; true while that goes on in the background. @throws ApiRefused */
async function isLooking(deps: ApiDeps, workspaceId: string): Promise<boolean> {
  const reply = await lookAgain(deps, workspaceId);
  if (reply.kind === 'too_soon') {
    const message = 'The night was looked at several times within a minute; wait as long as Retry-After says.';
    const headers = { 'Retry-After': String(Math.ceil(reply.waitMs / 1000)) };
    throw new ApiRefused('too_many_requests', { message, headers });
  }
  if (reply.kind === 'not_started') throw new ApiRefused('temporal_unavailable');
  return reply.kind === 'looking';
}

function shown({ facts, checkedAt, findings }: NightEntry) {
  return { item: assembleItem(facts), checkedAt: checkedAt?.toISOString() ?? null, findings };
}
