// How Ghost is called: addresses, a token signed for each request, and repeatable calls read through a schema.
import type { z } from 'zod';
import type { RateWindow, Stage } from '../../domain/causes/causes.ts';
import { bodyJson, type HttpAnswer, type HttpRequest } from '../../transport/exchange.ts';
import { repeatable } from '../repeatable.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { classifyAnswer, isExpired, isNotFound, isWorded } from './errors.ts';
import { authorization } from './token.ts';

/** A call of the Admin API. */
export interface Call {
  readonly method: HttpRequest['method'];
  /** Below the Admin API's own address, for example `posts/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: HttpRequest['body'];
  readonly contentType?: string;
}

/** A repeatable call of the preparation or of a look. */
export interface Question<Answer> extends Call {
  readonly stage: Stage;
  /** The kind of call, where the stage alone would tell another. */
  readonly window?: RateWindow;
  readonly schema: z.ZodType<Answer>;
}

/** The call as a request, signed now. */
export function signed(session: AccountSession, { method, path, query = {}, body, contentType }: Call): HttpRequest {
  const search = new URLSearchParams(query).toString();
  return {
    method,
    url: `${session.account.apiBase}/ghost/api/admin/${path}${search === '' ? '' : `?${search}`}`,
    headers: {
      ...authorization(session),
      'accept-version': 'v6.0',
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
    },
    body,
  };
}

/** @throws StepRefused on a refusal; StepUnanswered when no answer, or none we can read, came. */
export async function ask<Answer>(session: AccountSession, question: Question<Answer>): Promise<Answer> {
  return read(question, await send(session, question));
}

/** As `ask`, but "there is no such thing", in Ghost's own words, is an answer too: null. */
export async function askFor<Answer>(session: AccountSession, question: Question<Answer>): Promise<Answer | null> {
  const answer = await sendUnlessAbsent(session, question);
  return answer && read(question, answer);
}

/** Deletes a post; one that is gone already is as good. @throws StepRefused | StepUnanswered */
export async function remove(
  session: AccountSession,
  question: Omit<Call, 'method'> & { stage: Stage },
): Promise<void> {
  await sendUnlessAbsent(session, { ...question, method: 'DELETE' });
}

type Sending = Pick<Question<unknown>, 'stage' | 'window'> & Call;

async function sendUnlessAbsent(session: AccountSession, sending: Sending): Promise<HttpAnswer | null> {
  let absent = false;
  try {
    return await send(session, sending, (answer) => {
      absent = isNotFound(answer);
    });
  } catch (error) {
    if (error instanceof StepRefused && absent) return null;
    throw error;
  }
}

/** A token that Ghost finds too old is signed anew, once. */
async function send(
  session: AccountSession,
  { stage, window, ...call }: Sending,
  met: (answer: HttpAnswer) => void = () => {},
): Promise<HttpAnswer> {
  let expired = false;
  const refusal = (answer: HttpAnswer) => {
    expired = isExpired(answer);
    met(answer);
    return classifyAnswer(answer, stage, session, window);
  };
  const sendOnce = () => repeatable(session, signed(session, call), { stage, refusal, worded: isWorded });
  try {
    return await sendOnce();
  } catch (error) {
    if (!expired) throw error;
    return sendOnce();
  }
}

/** @throws StepUnanswered when the answer cannot be read */
export function read<Answer>(
  { stage, schema }: Pick<Question<Answer>, 'stage' | 'schema'>,
  answer: HttpAnswer,
): Answer {
  const parsed = schema.safeParse(bodyJson(answer));
  if (parsed.success) return parsed.data;
  throw new StepUnanswered(stage, `Ghost answered ${answer.status} with a body that cannot be read`);
}
