// POST /api/schedules/check: what would stop a post that is not stored yet. Nothing is stored by it.
import { createRoute } from '@hono/zod-openapi';
import { optionsSchema } from '../../domain/schedules/post.ts';
import { fieldProblems, scheduleRequestSchema } from '../../domain/schedules/schedule-request.ts';
import { scheduleCheckSchema } from '../../domain/tonight/schedule-check.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import { checkUnstored } from '../../publishing/tonight/foresee.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const requestSchema = scheduleRequestSchema
  .extend({ options: optionsSchema.default({}).meta({ type: 'object' }) })
  .meta({ id: 'ScheduleCheckRequest' });

/** Registers the operation. */
export function postScheduleCheck(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/schedules/check',
    operationId: 'post-schedule-check',
    summary: 'Check a post without storing it',
    security: securityOf('schedules.create'),
    middleware: [allowed(deps, 'schedules.create'), ...jsonBody(deps)],
    request: { body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
    responses: {
      200: json(scheduleCheckSchema, 'What was found.'),
      ...refusals('malformed_body', 'unauthenticated', 'scope_missing', 'body_too_large', 'unsupported_media_type'),
      ...refusals('invalid_request', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(
    route,
    async (c) => {
      const { workspaceId, actor } = c.get('caller');
      const answer = await check(deps, { ...deps, workspaceId, actor }, c.req.valid('json'));
      return c.json(scheduleCheckSchema.parse(answer), 200);
    },
    (result, c) => {
      if (result.success) return;
      return c.json(
        scheduleCheckSchema.parse({ fits: false, problems: fieldProblems(result.error), findings: [] }),
        200,
      );
    },
  );
}

async function check(deps: ApiDeps, intake: Parameters<typeof checkUnstored>[1], request: unknown) {
  try {
    return { fits: true, problems: [], findings: await checkUnstored(deps, intake, request) };
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    return { fits: false, problems: error.problems, findings: [] };
  }
}
