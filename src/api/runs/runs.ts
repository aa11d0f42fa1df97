// /api/runs: starts a run, lists runs, and tells everything of one.
import { createRoute, z } from '@hono/zod-openapi';
import { runRequestSchema } from '../../domain/pipeline/run-request.ts';
import { runAcceptedSchema, runPageSchema, runViewSchema } from '../../domain/pipeline/run-view.ts';
import { RUN_STATES } from '../../domain/pipeline/states.ts';
import { findRun, listRuns } from '../../ledger/runs/runs.ts';
import { startRun, takeInRun } from '../../pipeline/runs/start-run.ts';
import { viewRun, viewRunRows } from '../../pipeline/runs/view-run.ts';
import { ApiRefused, invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const unusable = refusals('unauthenticated', 'scope_missing', 'internal_error', 'ledger_unavailable');

/** Registers the operations. */
export function runOperations(api: Api, deps: ApiDeps): void {
  start(api, deps);
  list(api, deps);
  read(api, deps);
}

function start(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/runs',
    operationId: 'post-runs',
    summary: 'Start a run of a pipeline',
    description: 'Sent again with the same id it is the same run; without an id it is another one.',
    security: securityOf('runs.start'),
    middleware: [allowed(deps, 'runs.start'), ...jsonBody(deps, deps.settings.limits.handedFilesBytes)],
    request: { body: { required: true, content: { 'application/json': { schema: runRequestSchema } } } },
    responses: {
      200: json(runAcceptedSchema, 'The same run was taken in before.'),
      201: json(runAcceptedSchema, 'Taken in, and its workflow started.'),
      202: json(runAcceptedSchema, 'Taken in; its workflow starts by itself once Temporal can be reached.'),
      ...unusable,
      ...refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_request'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const taken = await takeInRun(deps, { workspaceId, actor }, c.req.valid('json'));
    const started = await startRun(deps, deps.client, taken);
    const { runId: id, pipeline, workflowId, created } = taken;
    const href = `/api/runs/${id}`;
    const answer = { id, pipeline, workflowId, created, workflow: started ? 'started' : 'pending', href };
    c.header('Location', href);
    return c.json(runAcceptedSchema.parse(answer), started ? (created ? 201 : 200) : 202);
  });
}

function list(api: Api, deps: ApiDeps): void {
  const query = z.strictObject({
    pipeline: z.string().min(1).max(63).optional(),
    state: z.enum(RUN_STATES).optional(),
    finding: z
      .literal('true')
      .optional()
      .meta({ description: 'Only runs whose post was found changed or gone since it was published.' }),
    after: z.string().max(200).optional().meta({ description: '`next` of the page before.' }),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  });
  const route = createRoute({
    method: 'get',
    path: '/api/runs',
    operationId: 'get-runs',
    summary: 'List runs, the newest first',
    security: securityOf('runs.read'),
    middleware: [allowed(deps, 'runs.read')],
    request: { query },
    responses: { 200: json(runPageSchema, 'One page of runs.'), ...unusable, ...refusals('invalid_request') },
  });
  api.openapi(route, async (c) => {
    const { workspaceId } = c.get('caller');
    const { pipeline, state, finding, after, limit } = c.req.valid('query');
    const last = after === undefined ? null : await findRun(deps.ledger, { workspaceId, runId: after });
    if (after !== undefined && !last)
      throw invalidRequest([{ field: 'after', problem: 'is no run of this workspace' }]);
    const only = { pipeline, state, finding: finding !== undefined };
    const rows = await listRuns(deps.ledger, { workspaceId, ...only, before: last, limit: limit + 1 });
    const next = rows.length > limit ? (rows[limit - 1]?.id ?? null) : null;
    const runs = await viewRunRows(deps.ledger, workspaceId, rows.slice(0, limit));
    return c.json(runPageSchema.parse({ runs, next }), 200);
  });
}

function read(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/runs/{id}',
    operationId: 'get-run',
    summary: 'Read a run: its stages, attempts, artifacts, decisions and messages',
    security: securityOf('runs.read'),
    middleware: [allowed(deps, 'runs.read')],
    request: { params: z.object({ id: z.string() }) },
    responses: { 200: json(runViewSchema, 'The run.'), ...unusable, ...refusals('not_found') },
  });
  api.openapi(route, async (c) => {
    const view = await viewRun(deps.ledger, {
      workspaceId: c.get('caller').workspaceId,
      runId: c.req.valid('param').id,
    });
    if (!view) throw new ApiRefused('not_found');
    return c.json(runViewSchema.parse(view), 200);
  });
}
