// POST /api/schedules/{id}/cancel, /reschedule, /resume, /handoff and /resolve: an operator's word to one publish. The ledger answers at
// once, worker or no worker.
import { createRoute, z } from '@hono/zod-openapi';
import { handoffReasonSchema } from '../../domain/handoff/reasons.ts';
import { MESSAGE_REFUSALS, MESSAGE_SCHEMAS } from '../../domain/messages/messages.ts';
import type { Operation } from '../../domain/people/operations.ts';
import { instantSchema, stateSchema } from '../../domain/schedules/item.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { type MessageToSend, sendMessage } from '../../publishing/messages/send-message.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from './schedule-path.ts';

const acceptedSchema = z
  .object({
    accepted: z.literal(true),
    scheduleId: z.string(),
    state: stateSchema,
    /** When it goes on by itself; null while a person is waited for, and at the end. */
    wakeAt: instantSchema.nullable(),
  })
  .meta({ id: 'MessageAccepted' });

const [live, notLive] = MESSAGE_SCHEMAS.resolve.options;

interface Door {
  readonly name: MessageToSend['name'];
  readonly operation: Operation;
  readonly summary: string;
  readonly body: z.ZodType<Record<string, unknown>>;
}

/** Who asks is the caller, so no body names anybody. */
const DOORS: readonly Door[] = [
  {
    name: 'cancel',
    operation: 'publish.cancel',
    summary: 'Cancel a publish, unless it may already be live',
    body: MESSAGE_SCHEMAS.cancel.omit({ requestedBy: true }).meta({ id: 'CancelRequest' }),
  },
  {
    name: 'reschedule',
    operation: 'publish.reschedule',
    summary: 'Give a publish another time',
    body: MESSAGE_SCHEMAS.reschedule.omit({ requestedBy: true }).meta({ id: 'RescheduleRequest' }),
  },
  {
    name: 'resume',
    operation: 'publish.replay',
    summary: 'Try again now instead of waiting for a platform that could not be reached',
    body: MESSAGE_SCHEMAS.resume.omit({ requestedBy: true }).meta({ id: 'ResumeRequest' }),
  },
  {
    name: 'handoff',
    operation: 'publish.handoff',
    summary: 'Give a post to a person, who publishes it by hand',
    body: MESSAGE_SCHEMAS.handoff
      .omit({ requestedBy: true })
      .extend({ reason: handoffReasonSchema.default('operator_decision') })
      .meta({ id: 'HandoffRequest' }),
  },
  {
    name: 'resolve',
    operation: 'publish.resolve',
    summary: 'Decide whether an unconfirmed post is live, with the evidence for it',
    body: z
      .discriminatedUnion('verdict', [live.omit({ decidedBy: true }), notLive.omit({ decidedBy: true })])
      .meta({ id: 'ResolveRequest' }),
  },
];

/** Registers the operations. */
export function postMessages(api: Api, deps: ApiDeps): void {
  for (const door of DOORS) register(api, deps, door);
}

function register(api: Api, deps: ApiDeps, { name, operation, summary, body }: Door): void {
  const route = createRoute({
    method: 'post',
    path: `/api/schedules/{id}/${name}`,
    operationId: `post-schedule-${name}`,
    summary,
    description: `A refusal is answered with 409 and its reason, one of the replay gate's or of: ${Object.keys(MESSAGE_REFUSALS).join(', ')}.`,
    security: securityOf(operation),
    middleware: [allowed(deps, operation), ...jsonBody(deps)],
    request: { params: schedulePath, body: { required: true, content: { 'application/json': { schema: body } } } },
    responses: {
      200: json(acceptedSchema, 'Accepted.'),
      ...refusals(
        'malformed_body',
        'unauthenticated',
        'scope_missing',
        'not_found',
        'message_refused',
        'body_too_large',
      ),
      ...refusals('unsupported_media_type', 'invalid_request', 'internal_error', 'ledger_unavailable'),
    },
  });
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    const scheduleId = scheduleIdOf(c.req.valid('param').id);
    const verdict = await sendMessage(deps, { caller, scheduleId, name, body: c.req.valid('json') });
    if (!verdict) throw new ApiRefused('not_found');
    if (!verdict.accepted) {
      const { reason, reasons, text } = verdict;
      throw new ApiRefused('message_refused', { message: text, reason: reason ?? undefined, reasons });
    }
    const schedule = await findSchedule(deps.ledger, caller.workspaceId, scheduleId);
    const { state, wakeAt } = schedule ?? { state: 'queued', wakeAt: null };
    const answer = { accepted: true, scheduleId, state, wakeAt: wakeAt?.toISOString() ?? null };
    return c.json(acceptedSchema.parse(answer), 200);
  });
}
