// POST /api/schedules/{id}/cancel, /reschedule, /resume, /handoff and /resolve: an operator's word to one publish. The ledger answers at
// once, worker or no worker.
import { createRoute, type z } from '@hono/zod-openapi';
import {
  MESSAGE_REQUESTS,
  type MessageRequestName,
  messageAcceptedSchema,
} from '../../domain/messages/message-requests.ts';
import { MESSAGE_REFUSALS } from '../../domain/messages/messages.ts';
import type { Operation } from '../../domain/people/operations.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { sendMessage } from '../../publishing/messages/send-message.ts';
import { foreseeChanged } from '../../publishing/tonight/at-intake.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { idempotencyHeaders } from '../idempotency.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from './schedule-path.ts';

interface Door {
  readonly operation: Operation;
  readonly summary: string;
}

const DOORS: Record<MessageRequestName, Door> = {
  cancel: { operation: 'publish.cancel', summary: 'Cancel a publish, unless it may already be live' },
  reschedule: { operation: 'publish.reschedule', summary: 'Give a publish another time' },
  resume: {
    operation: 'publish.replay',
    summary: 'Try again now instead of waiting for a platform that could not be reached',
  },
  handoff: { operation: 'publish.handoff', summary: 'Hand a publish to a person' },
  resolve: {
    operation: 'publish.resolve',
    summary: 'Decide whether an unconfirmed post is live, with the evidence for it',
  },
};
const NAMES: readonly MessageRequestName[] = ['cancel', 'reschedule', 'resume', 'handoff', 'resolve'];

/** Registers the operations. */
export function postMessages(api: Api, deps: ApiDeps): void {
  for (const name of NAMES) register(api, deps, name);
}

function register(api: Api, deps: ApiDeps, name: MessageRequestName): void {
  const { operation, summary } = DOORS[name];
  const body: z.ZodType<Record<string, unknown>> = MESSAGE_REQUESTS[name];
  const route = createRoute({
    method: 'post',
    path: `/api/schedules/{id}/${name}`,
    operationId: `post-schedule-${name}`,
    summary,
    description: `A refusal is answered with 409 and its reason, one of the replay gate's or of: ${Object.keys(MESSAGE_REFUSALS).join(', ')}.`,
    security: securityOf(operation),
    middleware: [allowed(deps, operation), ...jsonBody(deps)],
    request: {
      params: schedulePath,
      headers: idempotencyHeaders,
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: json(messageAcceptedSchema, 'Accepted.'),
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
    const idempotencyKey = c.req.valid('header')['Idempotency-Key'];
    // A call that is sent twice is one message, and gets the verdict of the first.
    const once = idempotencyKey === undefined ? {} : { messageId: sha256Hex(`${name}\n${idempotencyKey}`) };
    const verdict = await sendMessage(deps, { caller, scheduleId, name, body: c.req.valid('json'), ...once });
    if (!verdict) throw new ApiRefused('not_found');
    if (!verdict.accepted) {
      const { reason, reasons, text } = verdict;
      throw new ApiRefused('message_refused', { message: text, reason: reason ?? undefined, reasons });
    }
    const key = { workspaceId: caller.workspaceId, scheduleId };
    if (name === 'reschedule') await foreseeChanged(deps, key, { readMedia: true });
    const schedule = await findSchedule(deps.ledger, caller.workspaceId, scheduleId);
    const { state, wakeAt } = schedule ?? { state: 'queued', wakeAt: null };
    const answer = { accepted: true, scheduleId, state, wakeAt: wakeAt?.toISOString() ?? null };
    return c.json(messageAcceptedSchema.parse(answer), 200);
  });
}
