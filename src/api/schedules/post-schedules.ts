// POST /api/schedules: hands a post over to be published once, now or later.
import { createRoute } from '@hono/zod-openapi';
import type { KeyCaller } from '../../domain/people/caller.ts';
import { optionsSchema } from '../../domain/schedules/post.ts';
import { fieldProblems, type ScheduleRequest, scheduleRequestSchema } from '../../domain/schedules/schedule-request.ts';
import { type ScheduleAccepted, scheduleAcceptedSchema } from '../../domain/schedules/schedule-view.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { type TakenIn, takeIn } from '../../publishing/intake/intake.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import { foreseeAtIntake } from '../../publishing/tonight/at-intake.ts';
import { drive } from '../../publishing/workflows/drive.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { idempotencyHeaders } from '../idempotency.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const SENTENCES: Record<ScheduleAccepted['workflow'], string> = {
  started: 'The schedule is stored and its workflow started',
  pending: 'The schedule is stored; its workflow could not be started yet and is started by itself within minutes',
  not_needed: 'The schedule has ended before, and nothing was started',
};

/** The request as it is documented: OpenAPI cannot write down "any JSON", so the options are named by hand. */
const requestSchema = scheduleRequestSchema
  .extend({
    options: optionsSchema.default({}).meta({
      type: 'object',
      description: 'Options that only the destination understands; what it does not know is refused.',
    }),
  })
  .meta({ id: 'ScheduleRequest' });

/** Registers the operation. */
export function postSchedules(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/schedules',
    operationId: 'post-schedules',
    summary: 'Hand a post over to be published',
    description:
      'The same id with the same content and delivery is the same schedule (200); with another it is refused (409). Without an ' +
      'id, an `Idempotency-Key` decides: the same key is the same schedule. Fields that do not fit are answered with 422, ' +
      'each with its limit, and nothing is stored. Of media only the address is needed: type, size, pixels and duration are read ' +
      'from the file; what is given must agree with it. A file that cannot be read now is answered with 503 where its type or ' +
      'size was left out.',
    security: securityOf('schedules.create'),
    middleware: [allowed(deps, 'schedules.create'), ...jsonBody(deps)],
    request: {
      headers: idempotencyHeaders,
      body: { required: true, content: { 'application/json': { schema: requestSchema } } },
    },
    responses: {
      200: json(scheduleAcceptedSchema, 'The same schedule was taken in before.'),
      201: json(scheduleAcceptedSchema, 'Taken in, and its workflow started.'),
      202: json(scheduleAcceptedSchema, 'Taken in; its workflow starts by itself once Temporal can be reached.'),
      ...refusals('malformed_body', 'unauthenticated', 'scope_missing', 'body_too_large', 'unsupported_media_type'),
      ...refusals('ledger_unavailable', 'internal_error', 'not_found', 'idempotency_in_progress', 'invalid_request'),
    },
  });
  api.openapi(
    route,
    async (c) => {
      const caller = c.get('caller');
      const taken = await takeInFor(deps, caller, c.req.valid('json'), c.req.valid('header')['Idempotency-Key']);
      const accepted = scheduleAcceptedSchema.parse(await accept(deps, caller, taken));
      const status = accepted.workflow === 'pending' ? 202 : taken.created ? 201 : 200;
      return c.json(accepted, status, { Location: accepted.href });
    },
    (result) => {
      if (result.success) return;
      const problems = fieldProblems(result.error);
      throw result.target === 'json' ? new IntakeRefused('invalid_schedule', problems) : invalidRequest(problems);
    },
  );
}

async function takeInFor(
  deps: ApiDeps,
  caller: KeyCaller,
  request: ScheduleRequest,
  key: string | undefined,
): Promise<TakenIn> {
  const { workspaceId, workspaceName } = caller;
  const { workspace } = request;
  if (workspace !== undefined && workspace !== workspaceName && workspace !== workspaceId) {
    throw new IntakeRefused('unknown_workspace', [
      { field: 'workspace', problem: `"${workspace}" is not the workspace of this API key` },
    ]);
  }
  const fallbackId = key === undefined ? undefined : `key-${sha256Hex(`${workspaceId}\n${key}`).slice(0, 40)}`;
  return takeIn({ ...deps, workspaceId, actor: caller.actor, fallbackId }, request);
}

async function accept(deps: ApiDeps, { workspaceId }: KeyCaller, taken: TakenIn): Promise<ScheduleAccepted> {
  const { scheduleId: id, created, platform, accountName, publishAt, fingerprint } = taken;
  const schedule = await findSchedule(deps.ledger, workspaceId, id);
  const workflow = await drive(deps, workspaceId, taken, schedule);
  await foreseeAtIntake(deps, { ...taken, workspaceId });
  const state = schedule?.state ?? 'queued';
  return {
    id,
    created,
    state,
    platform,
    account: accountName,
    publishAt: publishAt.toISOString(),
    fingerprint,
    workflow,
    workflowId: taken.workflowId,
    message: `${SENTENCES[workflow]}; it is ${state}: ${SCHEDULE_STATES[state].means}.`,
    href: `/api/schedules/${id}`,
  };
}
