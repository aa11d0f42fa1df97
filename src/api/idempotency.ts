// An Idempotency-Key makes a call that is sent twice one call: the first answer is given again, refusals included.
import { z } from '@hono/zod-openapi';
import { API_PROBLEMS, type ApiProblem, errorBodySchema } from '../domain/api/api-problems.ts';
import { IDEMPOTENCY_HEADER, idempotencyKeySchema } from '../domain/api/idempotency-key.ts';
import type { Ledger } from '../ledger/ledger.ts';
import {
  claimKey,
  forgetClaim,
  type KeyedRequest,
  type RememberedAnswer,
  rememberAnswer,
} from '../ledger/requests/remembered-answers.ts';
import { ApiRefused } from './api-refused.ts';

export const idempotencyHeaders = z.object({
  [IDEMPOTENCY_HEADER]: idempotencyKeySchema
    .optional()
    .meta({ description: 'The same for every try of one call, so that the call is carried out once.' }),
});

export interface AnsweredOnce {
  readonly body: unknown;
  /** The answer was given before, to the first call with this key. */
  readonly replayed: boolean;
}

/**
 * Answers a keyed call once. `answer` gives the body of a success or throws a refusal; both are remembered, but faults
 * on our side (5xx) are not: such a call may be sent again. @throws ApiRefused
 */
export async function answerOnce(
  ledger: Ledger,
  request: KeyedRequest,
  answer: () => Promise<unknown>,
): Promise<AnsweredOnce> {
  const claim = await claimKey(ledger, request);
  switch (claim.kind) {
    case 'reused':
      throw new ApiRefused('idempotency_key_reused');
    case 'in_progress':
      throw new ApiRefused('idempotency_in_progress', { headers: { 'Retry-After': '1' } });
    case 'answered':
      return { body: giveAgain(claim.answer), replayed: true };
    case 'first':
      return { body: await answerFirst(ledger, request, answer), replayed: false };
  }
}

async function answerFirst(ledger: Ledger, request: KeyedRequest, answer: () => Promise<unknown>): Promise<unknown> {
  try {
    const body = await answer();
    await rememberAnswer(ledger, request, { status: 200, body });
    return body;
  } catch (error) {
    if (error instanceof ApiRefused && error.status < 500) {
      await rememberAnswer(ledger, request, { status: error.status, body: error.body });
    } else {
      await forgetClaim(ledger, request);
    }
    throw error;
  }
}

/** @throws the refusal that was remembered */
function giveAgain({ status, body }: RememberedAnswer): unknown {
  if (status === 200) return body;
  const { code, ...details } = errorBodySchema.parse(body).error;
  const headers = { 'Idempotency-Replayed': 'true' };
  throw new ApiRefused(isApiProblem(code) ? code : 'internal_error', { ...details, headers });
}

function isApiProblem(code: string): code is ApiProblem {
  return Object.hasOwn(API_PROBLEMS, code);
}
