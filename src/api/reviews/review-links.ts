// /api/schedules/{id}/review-links: addresses by which somebody without an account sees one version and decides on it.
import { createRoute, z } from '@hono/zod-openapi';
import { REVIEW_LINK_STATES, reviewLinkRequestSchema } from '../../domain/reviews/review-link.ts';
import { instantSchema } from '../../domain/schedules/item.ts';
import { listReviewLinks, makeReviewLink, type ReviewLink, revokeReviewLink } from '../../ledger/reviews/review-links.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { ApiRefused, invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from '../schedules/schedule-path.ts';
import { supersededBy } from './post-decision.ts';

const linkSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    state: z.enum(REVIEW_LINK_STATES),
    fingerprint: z.string(),
    expiresAt: instantSchema,
    madeAt: instantSchema,
    madeBy: z.string(),
    decidedAt: instantSchema.nullable(),
    reviewer: z.string().nullable().meta({ description: "The reviewer's own word; nobody has proven it." }),
    comment: z.string().nullable(),
  })
  .meta({ id: 'ReviewLink' });
const linksSchema = z.object({ links: z.array(linkSchema) }).meta({ id: 'ReviewLinks' });
const madeSchema = z
  .object({ id: z.string(), fingerprint: z.string(), url: z.string().meta({ description: 'Told once.' }) })
  .meta({ id: 'ReviewLinkMade' });
const revokedSchema = z.object({ revoked: z.literal(true) }).meta({ id: 'ReviewLinkRevoked' });
const linkPath = schedulePath.extend({ linkId: z.uuid() });

const shared = (deps: ApiDeps) => ({
  security: securityOf('review.link'),
  middleware: [allowed(deps, 'review.link')],
});
const unusable = refusals('unauthenticated', 'scope_missing', 'not_found', 'internal_error', 'ledger_unavailable');

/** Registers the operations. */
export function reviewLinkOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  make(api, deps);
  revoke(api, deps);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/schedules/{id}/review-links',
    operationId: 'get-review-links',
    summary: 'List the review links of a post',
    ...shared(deps),
    request: { params: schedulePath },
    responses: { 200: json(linksSchema, 'Newest first.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const schedule = await scheduleOf(deps, c.get('caller').workspaceId, c.req.valid('param').id);
    const links = (await listReviewLinks(deps.ledger, schedule)).map(shown);
    return c.json(linksSchema.parse({ links }), 200);
  });
}

function make(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/schedules/{id}/review-links',
    operationId: 'post-review-link',
    summary: 'Make a review link',
    ...shared(deps),
    middleware: [allowed(deps, 'review.link'), ...jsonBody(deps)],
    request: {
      params: schedulePath,
      body: { required: true, content: { 'application/json': { schema: reviewLinkRequestSchema } } },
    },
    responses: {
      201: json(madeSchema, 'Made; the address is told this once.'),
      ...unusable,
      ...refusals('malformed_body', 'superseded', 'body_too_large', 'unsupported_media_type', 'invalid_request'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const { label, expiresAt, expectedFingerprint = null } = c.req.valid('json');
    if (Date.parse(expiresAt) <= deps.ledger.clock.now().getTime()) {
      throw invalidRequest([{ field: 'expiresAt', problem: 'must lie ahead' }]);
    }
    const schedule = { workspaceId, scheduleId: scheduleIdOf(c.req.valid('param').id) };
    const wanted = { schedule, label, expiresAt: new Date(expiresAt), expectedFingerprint, actor };
    const reply = await makeReviewLink(deps.ledger, wanted);
    if (!reply) throw new ApiRefused('not_found');
    if (reply.kind === 'superseded') throw await supersededBy(deps, reply, expectedFingerprint ?? '');
    const { id, secret, fingerprint } = reply;
    const origin = deps.publicUrl ?? new URL(c.req.url).origin;
    return c.json(madeSchema.parse({ id, fingerprint, url: `${origin}/review/${secret}` }), 201);
  });
}

function revoke(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'delete',
    path: '/api/schedules/{id}/review-links/{linkId}',
    operationId: 'delete-review-link',
    summary: 'Revoke a review link that was not answered yet',
    ...shared(deps),
    request: { params: linkPath },
    responses: { 200: json(revokedSchema, 'It opens nothing any more.'), ...unusable, ...refusals('invalid_request') },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const { id, linkId } = c.req.valid('param');
    const schedule = await scheduleOf(deps, workspaceId, id);
    if (!(await revokeReviewLink(deps.ledger, schedule, linkId, actor))) throw new ApiRefused('not_found');
    return c.json(revokedSchema.parse({ revoked: true }), 200);
  });
}

async function scheduleOf({ ledger }: ApiDeps, workspaceId: string, id: string): Promise<ScheduleRow> {
  const schedule = await findSchedule(ledger, workspaceId, scheduleIdOf(id));
  if (schedule) return schedule;
  throw new ApiRefused('not_found');
}

function shown({ madeBy, expiresAt, madeAt, decidedAt, ...link }: ReviewLink) {
  return {
    ...link,
    madeBy: madeBy.label,
    expiresAt: expiresAt.toISOString(),
    madeAt: madeAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}
