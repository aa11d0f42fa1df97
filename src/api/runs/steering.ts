// POST /api/runs/{id}/retry, /resume, /cancel and /submit, and the decision that a run waits for: an operator's word to one run.
import { createRoute, z } from '@hono/zod-openapi';
import { RUN_MESSAGE_REQUESTS, RUN_REFUSALS, type RunMessageName } from '../../domain/pipeline/run-messages.ts';
import {
  runDecidedSchema,
  runDecisionRequestSchema,
  runMessageAcceptedSchema,
} from '../../domain/pipeline/run-view.ts';
import { findRun } from '../../ledger/runs/runs.ts';
import { decideOnRun, steerRun } from '../../pipeline/runs/steer-run.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { idempotencyHeaders } from '../idempotency.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const SUMMARIES: Readonly<Record<RunMessageName, string>> = {
  retry: 'Make a new attempt of the stage that failed or is blocked',
  resume: 'Have a stage that waits look again now',
  cancel: 'End a run, unless its post may be live',
  rename: 'Give the post another slug, where its own is taken',
  adopt: 'Take the page that stands in the way for the post',
  submit: 'Hand in what a stage makes',
};
const NAMES: readonly RunMessageName[] = ['retry', 'resume', 'cancel', 'rename', 'adopt', 'submit'];

const path = z.object({ id: z.string() });
const unusable = refusals('unauthenticated', 'scope_missing', 'not_found', 'internal_error', 'ledger_unavailable');
const bodyRefusals = refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_request');

/** Registers the operations. */
export function runSteering(api: Api, deps: ApiDeps): void {
  for (const name of NAMES) register(api, deps, name);
  decide(api, deps);
}

function register(api: Api, deps: ApiDeps, name: RunMessageName): void {
  const schema: z.ZodType<object> = RUN_MESSAGE_REQUESTS[name];
  const { handedFilesBytes, requestBodyBytes } = deps.settings.limits;
  const bodyBytes = name === 'submit' ? handedFilesBytes : requestBodyBytes;
  const route = createRoute({
    method: 'post',
    path: `/api/runs/{id}/${name}`,
    operationId: `post-run-${name}`,
    summary: SUMMARIES[name],
    description: `A refusal is answered with 409 and its reason, one of: ${Object.keys(RUN_REFUSALS).join(', ')}.`,
    security: securityOf('runs.steer'),
    middleware: [allowed(deps, 'runs.steer'), ...jsonBody(deps, bodyBytes)],
    request: {
      params: path,
      headers: idempotencyHeaders,
      body: { required: true, content: { 'application/json': { schema } } },
    },
    responses: {
      200: json(runMessageAcceptedSchema, 'Accepted.'),
      ...unusable,
      ...bodyRefusals,
      ...refusals('message_refused'),
    },
  });
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    const { id } = c.req.valid('param');
    const key = c.req.valid('header')['Idempotency-Key'];
    // A call that is sent twice is one message, and gets the verdict of the first.
    const once = key === undefined ? {} : { messageId: sha256Hex(`${name}\n${key}`) };
    const verdict = await steerRun(deps, { caller, runId: id, name, body: { ...c.req.valid('json') }, ...once });
    if (!verdict) throw new ApiRefused('not_found');
    const { accepted, text, reason } = verdict;
    if (!accepted) throw new ApiRefused('message_refused', { message: text, reason: reason ?? undefined });
    const run = await findRun(deps.ledger, { workspaceId: caller.workspaceId, runId: id });
    const answer = { accepted, id, state: run?.state ?? 'running', stage: run?.stageId ?? '' };
    return c.json(runMessageAcceptedSchema.parse(answer), 200);
  });
}

function decide(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/runs/{id}/decisions',
    operationId: 'post-run-decision',
    summary: 'Approve or reject exactly the content that a run waits with',
    security: securityOf('review.decide'),
    middleware: [allowed(deps, 'review.decide'), ...jsonBody(deps)],
    request: {
      params: path,
      body: { required: true, content: { 'application/json': { schema: runDecisionRequestSchema } } },
    },
    responses: {
      200: json(runDecidedSchema, 'Decided.'),
      ...unusable,
      ...bodyRefusals,
      ...refusals('message_refused', 'superseded'),
    },
  });
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    const { id: runId } = c.req.valid('param');
    const request = c.req.valid('json');
    const decided = await decideOnRun(deps, { caller, runId, request });
    switch (decided.kind) {
      case 'unknown':
        throw new ApiRefused('not_found');
      case 'not_asked':
        throw new ApiRefused('message_refused', {
          message: 'The run does not wait for a decision now; nothing was decided.',
          reason: 'not_waiting',
        });
      case 'superseded':
        throw new ApiRefused('superseded', { supersessionReason: 'content_changed' });
      case 'decided': {
        const { verdict, expectedFingerprint: fingerprint } = request;
        return c.json(runDecidedSchema.parse({ id: decided.id, verdict, fingerprint }), 200);
      }
    }
  });
}
