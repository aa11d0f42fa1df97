// Repeatable calls to Meta's Graph API. The token travels in a header, never in an address (law 9).
import type { z } from 'zod';
import type { RateWindow, Stage } from '../../domain/causes/causes.ts';
import { bodyJson, type HttpAnswer, type HttpRequest } from '../../transport/exchange.ts';
import { repeatable } from '../repeatable.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { graphErrorIn, isWorded } from './graph-error.ts';
import { GraphRefused, type MetaDialect, type Refusal, refusalIn } from './refusal.ts';

/** Parameters of a call; numbers and flags already as the platform writes them. */
export type Params = Readonly<Record<string, string>>;

/** A GET of `path` (with its leading slash) under the account's API address. */
export function graphGet(session: AccountSession, path: string, params: Params): HttpRequest {
  return {
    method: 'GET',
    url: `${session.account.apiBase}${path}?${new URLSearchParams(params)}`,
    headers: { authorization: `Bearer ${session.grant.accessToken}` },
  };
}

/** A POST of `path` with its parameters as a form. */
export function graphPost(session: AccountSession, path: string, params: Params): HttpRequest & { body: string } {
  return {
    method: 'POST',
    url: `${session.account.apiBase}${path}`,
    headers: {
      authorization: `Bearer ${session.grant.accessToken}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(params).toString(),
  };
}

/**
 * Sends a repeatable call and reads its answer by a schema.
 * @throws GraphRefused on an explicit refusal; AppFault when it is our app that is refused; StepUnanswered when no answer
 * came or it has another shape.
 */
export async function askGraph<Schema extends z.ZodType>(
  session: AccountSession,
  dialect: MetaDialect,
  request: HttpRequest,
  stage: Stage,
  schema: Schema,
): Promise<z.output<Schema>> {
  const answer = await sendRepeatable(session, dialect, request, stage);
  const read = schema.safeParse(bodyJson(answer));
  if (!read.success) throw new StepUnanswered(stage, `the platform answered ${answer.status} in a shape nobody knows`);
  return read.data;
}

async function sendRepeatable(
  session: AccountSession,
  dialect: MetaDialect,
  request: HttpRequest,
  stage: Stage,
): Promise<HttpAnswer> {
  const seen: Refusal[] = [];
  const refusal = (answer: HttpAnswer) => {
    const read = refusalIn(dialect, answer, stage, session, windowOf(request, stage));
    seen.push(read);
    return read;
  };
  const doubted = (answer: HttpAnswer) => isTooFresh(session, answer);
  try {
    return await repeatable(session, request, { stage, refusal, worded: isWorded, doubted });
  } catch (error) {
    const [refused] = seen;
    throw error instanceof StepRefused && refused ? new GraphRefused(refused) : error;
  }
}

/** A read counts as one at whatever stage it is asked; the calls for a grant have a window of their own. */
function windowOf({ method }: HttpRequest, stage: Stage): RateWindow | undefined {
  return method === 'GET' && stage !== 'grant' ? 'read' : undefined;
}

/** A token younger than this may not be known to every server yet. */
const FRESH_GRANT_MS = 60_000;

/** Meta calls most tokens invalid with status 400, so the code tells, not the status. */
function isTooFresh({ grantSavedAt, now }: AccountSession, answer: HttpAnswer): boolean {
  return graphErrorIn(answer)?.code === '190' && now().getTime() - grantSavedAt.getTime() < FRESH_GRANT_MS;
}
