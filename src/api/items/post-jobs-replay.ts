// POST /api/jobs/replay: asks that a failed publish run again. The gate decides; the workflow's verdict is the answer.
import { createRoute } from '@hono/zod-openapi';
import { BLOCKED_REASONS } from '../../domain/gate/gate.ts';
import {
  type ReplayAccepted,
  type ReplayRequest,
  replayAcceptedSchema,
  replayRequestSchema,
} from '../../domain/messages/replay-request.ts';
import type { KeyCaller } from '../../domain/people/caller.ts';
import { requestReplay } from '../../publishing/messages/request-replay.ts';
import { newId, sha256Hex } from '../../runtime/ids.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { answerOnce, idempotencyHeaders } from '../idempotency.ts';
import { jsonBody } from '../json-body.ts';
import { limitReplays } from './limit-replays.ts';
import { json, refusals } from '../responses.ts';

const OPERATION = 'post-jobs-replay';
const ACCEPTED =
  'The publish runs again; where an earlier call may have left, the platform is asked before anything is sent.';

/** Registers the operation. */
export function postJobsReplay(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/jobs/replay',
    operationId: OPERATION,
    summary: 'Replay a failed publish',
    description: `A blocked replay is answered with 409 and its reason, one of: ${BLOCKED_REASONS.join(', ')}.`,
    security: securityOf('publish.replay'),
    middleware: [allowed(deps, 'publish.replay'), limitReplays(deps), ...jsonBody(deps)],
    request: {
      headers: idempotencyHeaders,
      body: { required: true, content: { 'application/json': { schema: replayRequestSchema } } },
    },
    responses: {
      200: json(replayAcceptedSchema, 'Accepted.'),
      ...refusals(
        'malformed_body',
        'unauthenticated',
        'scope_missing',
        'not_found',
        'body_too_large',
        'unsupported_media_type',
      ),
      ...refusals('replay_blocked', 'replay_refused', 'idempotency_in_progress'),
      ...refusals('invalid_request', 'idempotency_key_reused'),
      ...refusals(
        'too_many_requests',
        'internal_error',
        'ledger_unavailable',
        'temporal_unavailable',
        'replay_unanswered',
      ),
    },
  });
  api.openapi(route, async (c) => {
    const request = c.req.valid('json');
    const key = c.req.valid('header')['Idempotency-Key'];
    const call = { caller: c.get('caller'), request, arrivedAt: c.get('arrivedAt') };
    if (key === undefined) return c.json(await replay(deps, { ...call, callId: newId() }), 200);
    const { body, replayed } = await answerKeyed(deps, call, key);
    if (replayed) c.header('Idempotency-Replayed', 'true');
    return c.json(replayAcceptedSchema.parse(body), 200);
  });
}

interface Call {
  readonly caller: KeyCaller;
  readonly request: ReplayRequest;
  readonly arrivedAt: Date;
}

function answerKeyed(deps: ApiDeps, call: Call, key: string) {
  const { workspaceId } = call.caller;
  const { scheduleId, note, expectedAttempt } = call.request;
  const requestHash = sha256Hex(JSON.stringify([scheduleId, note ?? null, expectedAttempt ?? null]));
  const callId = sha256Hex(`${workspaceId}\n${key}`);
  return answerOnce(deps.ledger, { workspaceId, operation: OPERATION, key, requestHash }, () =>
    replay(deps, { ...call, callId }),
  );
}

async function replay(
  deps: ApiDeps,
  { caller, request, arrivedAt, callId }: Call & { callId: string },
): Promise<ReplayAccepted> {
  const reply = await requestReplay(deps.client, deps, {
    workspaceId: caller.workspaceId,
    actor: caller.actor,
    requestedBy: `api key ${caller.actor.label}`.slice(0, 200),
    request,
    arrivedAt,
    callId,
  });
  const { scheduleId } = request;
  if (reply.kind === 'accepted') {
    return { accepted: true, scheduleId, workflowId: reply.workflowId, message: ACCEPTED };
  }
  if (reply.kind === 'unknown_schedule') throw new ApiRefused('not_found');
  const { reason, reasons, text, targetProblem } = reply;
  const blocked = BLOCKED_REASONS.some((known) => known === reason);
  throw new ApiRefused(blocked ? 'replay_blocked' : 'replay_refused', {
    message: text,
    reason,
    reasons,
    targetProblem,
  });
}
