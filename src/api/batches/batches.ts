// POST /api/batches and what lies under it: replays the failures of one incident together, tells how far it is, and cancels the rest.
import { createRoute, z } from '@hono/zod-openapi';
import {
  type BatchAccepted,
  batchAcceptedSchema,
  batchRequestSchema,
  batchSchema,
  MOST_MEMBERS,
} from '../../domain/batches/batch.ts';
import { startBatch, stopBatch } from '../../publishing/batches/start-batch.ts';
import { viewBatch } from '../../recovery/batch-view.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import { ApiRefused, invalidRequest } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { answerOnce, idempotencyHeaders } from '../idempotency.ts';
import { limitReplays } from '../items/limit-replays.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const OPERATION = 'post-batches';
const MOST_SHOWN = 500;
const unusable = refusals('unauthenticated', 'scope_missing', 'internal_error', 'ledger_unavailable');
const path = z.object({ id: z.string() });

/** Registers the operations. */
export function batchOperations(api: Api, deps: ApiDeps): void {
  ask(api, deps);
  read(api, deps);
  cancel(api, deps);
}

function ask(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/api/batches',
    operationId: OPERATION,
    summary: 'Replay the failures of one account for one cause together',
    description:
      'Each passes the gate by itself, in the order in which they were due, at the pace that is named; what fails later is no ' +
      `part of it. At most ${MOST_MEMBERS} at once. It runs on its own: GET /api/batches/{id} tells each verdict.`,
    security: securityOf('publish.replay'),
    middleware: [allowed(deps, 'publish.replay'), limitReplays(deps), ...jsonBody(deps)],
    request: {
      headers: idempotencyHeaders,
      body: { required: true, content: { 'application/json': { schema: batchRequestSchema } } },
    },
    responses: {
      200: json(batchAcceptedSchema, 'Asked for.'),
      ...unusable,
      ...refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_request', 'not_found'),
      ...refusals('batch_under_way', 'idempotency_in_progress', 'idempotency_key_reused', 'too_many_requests'),
    },
  });
  api.openapi(route, async (c) => {
    const caller = c.get('caller');
    const request = c.req.valid('json');
    const key = c.req.valid('header')['Idempotency-Key'];
    const answer = async (): Promise<BatchAccepted> => {
      const reply = await startBatch(deps, caller, request);
      if (reply.kind === 'under_way') throw underWay(reply.id);
      if (reply.kind !== 'asked') throw refusalOf(reply.kind);
      const { id, members, tooOld } = reply;
      return { id, members, tooOld, href: `/api/batches/${id}` };
    };
    if (key === undefined) return c.json(await answer(), 200);
    const { workspaceId } = caller;
    const requestHash = sha256Hex(JSON.stringify(request));
    const { body, replayed } = await answerOnce(
      deps.ledger,
      { workspaceId, operation: OPERATION, key, requestHash },
      answer,
    );
    if (replayed) c.header('Idempotency-Replayed', 'true');
    return c.json(batchAcceptedSchema.parse(body), 200);
  });
}

function underWay(id: string): ApiRefused {
  return new ApiRefused('batch_under_way', {
    message: `All of them wait for their turn in a batch already: GET /api/batches/${id}. Nothing was changed; cancel the rest of it to ask anew.`,
  });
}

function refusalOf(kind: 'nothing' | 'too_many' | 'unknown_account' | 'ambiguous_account'): ApiRefused {
  if (kind === 'nothing')
    return new ApiRefused('not_found', {
      message: 'No failure of this account waits for that cause, so nothing was changed.',
    });
  if (kind === 'too_many') {
    return invalidRequest([
      { field: 'skipOlder', problem: `is needed: more than ${MOST_MEMBERS} failures wait for it` },
    ]);
  }
  const problem =
    kind === 'unknown_account'
      ? 'is not a connected account of this workspace'
      : 'matches several accounts; name one by its id';
  return invalidRequest([{ field: 'account', problem }]);
}

function read(api: Api, deps: ApiDeps): void {
  const query = z.strictObject({
    after: z.coerce.number().int().min(0).default(0).meta({ description: '`nextAfter` of the page before.' }),
    limit: z.coerce.number().int().min(1).max(MOST_SHOWN).default(100),
  });
  const route = createRoute({
    method: 'get',
    path: '/api/batches/{id}',
    operationId: 'get-batch',
    summary: 'Read a batch and the verdict of each member',
    security: securityOf('items.read'),
    middleware: [allowed(deps, 'items.read')],
    request: { params: path, query },
    responses: { 200: json(batchSchema, 'The batch.'), ...unusable, ...refusals('not_found', 'invalid_request') },
  });
  api.openapi(route, async (c) => {
    const { workspaceId } = c.get('caller');
    const batch = await viewBatch(deps.ledger, workspaceId, c.req.valid('param').id, c.req.valid('query'));
    if (!batch) throw new ApiRefused('not_found');
    return c.json(batchSchema.parse(batch), 200);
  });
}

function cancel(api: Api, deps: ApiDeps): void {
  const answerSchema = z.object({ id: z.string(), canceled: z.literal(true) }).meta({ id: 'BatchCanceled' });
  const route = createRoute({
    method: 'post',
    path: '/api/batches/{id}/cancel',
    operationId: 'post-batch-cancel',
    summary: 'Cancel what has not had its turn',
    security: securityOf('publish.replay'),
    middleware: [allowed(deps, 'publish.replay')],
    request: { params: path },
    responses: {
      200: json(answerSchema, 'The rest is not replayed.'),
      ...unusable,
      ...refusals('not_found', 'message_refused'),
    },
  });
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const canceled = await stopBatch(deps, c.get('caller'), id);
    if (canceled === null) throw new ApiRefused('not_found');
    if (!canceled)
      throw new ApiRefused('message_refused', {
        message: 'The batch has ended; there is nothing to cancel.',
        reason: 'already_over',
      });
    return c.json(answerSchema.parse({ id, canceled: true }), 200);
  });
}
