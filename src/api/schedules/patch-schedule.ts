// PATCH /api/schedules/{id}: a new version of a post, as long as no call for it may have left.
import { createRoute, z } from '@hono/zod-openapi';
import { EDIT_REFUSALS, editRequestSchema } from '../../domain/schedules/edit.ts';
import { VERSION_CHANGES } from '../../domain/schedules/version-changes.ts';
import { viewVersion } from '../../domain/schedules/version-view.ts';
import { optionsSchema } from '../../domain/schedules/post.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import { findVersion } from '../../ledger/schedules/versions.ts';
import type { EditReply } from '../../ledger/schedules/edits.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { editSchedule } from '../../publishing/intake/edit.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from './schedule-path.ts';

/** As it is documented: OpenAPI cannot write down "any JSON". */
const requestSchema = editRequestSchema
  .extend({ options: optionsSchema.optional().meta({ type: 'object', description: 'In place of all options before.' }) })
  .meta({ id: 'EditRequest' });

const editedSchema = z
  .object({
    id: z.string(),
    /** Of the version that stands now. */
    fingerprint: z.string(),
    changed: z.array(z.enum(VERSION_CHANGES)).meta({ description: 'Empty when the version equals the one before.' }),
  })
  .meta({ id: 'Edited' });

/** Registers the operation. */
export function patchSchedule(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'patch',
    path: '/api/schedules/{id}',
    operationId: 'patch-schedule',
    summary: 'Edit a post',
    description:
      'What is left out stays. `expectedFingerprint` is the version that was looked at; when another stands by now, 409 answers ' +
      'with both. Once a call for the post may have left, its content stands for good. A new time is a reschedule; nothing else ' +
      'of an edit makes a failed post go out again.',
    security: securityOf('schedules.edit'),
    middleware: [allowed(deps, 'schedules.edit'), ...jsonBody(deps)],
    request: { params: schedulePath, body: { required: true, content: { 'application/json': { schema: requestSchema } } } },
    responses: {
      200: json(editedSchema, 'The new version stands.'),
      ...refusals('malformed_body', 'unauthenticated', 'scope_missing', 'not_found', 'edit_refused', 'body_too_large'),
      ...refusals('unsupported_media_type', 'invalid_request', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(
    route,
    async (c) => {
      const caller = c.get('caller');
      const scheduleId = scheduleIdOf(c.req.valid('param').id);
      const request = c.req.valid('json');
      const reply = await editSchedule(deps, { caller, scheduleId, request });
      if (!reply) throw new ApiRefused('not_found');
      if (reply.kind === 'refused') throw await refusalOf(deps, reply, request.expectedFingerprint);
      const schedule = await findSchedule(deps.ledger, caller.workspaceId, scheduleId);
      const fingerprint = schedule?.fingerprint ?? request.expectedFingerprint;
      return c.json(editedSchema.parse({ id: scheduleId, fingerprint, changed: reply.changed }), 200);
    },
    (result) => {
      if (!result.success) throw new IntakeRefused('invalid_schedule', fieldProblems(result.error));
    },
  );
}

/** Two editors at once: the one who comes second sees both versions. */
async function refusalOf(
  { ledger }: ApiDeps,
  { reason, schedule }: Extract<EditReply, { kind: 'refused' }>,
  expectedFingerprint: string,
): Promise<ApiRefused> {
  const expected = await findVersion(ledger.db, schedule, expectedFingerprint);
  return new ApiRefused('edit_refused', {
    message: EDIT_REFUSALS[reason],
    reason,
    versions: {
      expected: expected && viewVersion(expected, expectedFingerprint),
      present: viewVersion(schedule, schedule.fingerprint),
    },
  });
}
