// How a PDS is called: addresses, the bearer header, and repeatable calls read through a schema.
import type { z } from 'zod';
import type { RateWindow, Stage } from '../../domain/causes/causes.ts';
import type { Classified } from '../../domain/causes/classify.ts';
import { bodyJson, type HttpAnswer, type HttpRequest } from '../../transport/exchange.ts';
import { repeatable } from '../repeatable.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { classifyAnswer, errorName, isDoubted, isWorded } from './errors.ts';

/** A repeatable call of the preparation or of a look. */
export interface Question<Answer> {
  readonly stage: Stage;
  /** The kind of call, where the stage alone would tell another. */
  readonly window?: RateWindow;
  readonly request: HttpRequest;
  readonly schema: z.ZodType<Answer>;
}

/** The address of a method on the account's PDS. */
export function methodUrl(
  session: AccountSession,
  method: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const search = new URLSearchParams(query).toString();
  return `${session.account.apiBase}/xrpc/${method}${search === '' ? '' : `?${search}`}`;
}

export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** @throws StepRefused on a refusal; StepUnanswered when no answer, or none we can read, came. */
export async function ask<Answer>(session: AccountSession, question: Question<Answer>): Promise<Answer> {
  const refusal = (answer: HttpAnswer) => classifyAnswer(answer, question.stage, session, question.window);
  return read(question, await send(session, question, refusal));
}

/**
 * As `ask`, but a 400 under one of the names in `absentNames` is an answer too: null, "there is no such thing".
 * @throws StepRefused on any other refusal of the PDS's own; StepUnanswered when no answer, or none we can read, came.
 */
export async function askFor<Answer>(
  session: AccountSession,
  question: Question<Answer>,
  absentNames: readonly string[],
): Promise<Answer | null> {
  let absent = false;
  const refusal = (answer: HttpAnswer) => {
    absent = answer.status === 400 && absentNames.includes(errorName(answer) ?? '');
    return classifyAnswer(answer, question.stage, session, question.window);
  };
  try {
    return read(question, await send(session, question, refusal));
  } catch (error) {
    if (error instanceof StepRefused && absent) return null;
    throw error;
  }
}

function send<Answer>(
  session: AccountSession,
  { stage, request }: Question<Answer>,
  refusal: (answer: HttpAnswer) => Classified,
): Promise<HttpAnswer> {
  return repeatable(session, request, { stage, refusal, worded: isWorded, doubted: isDoubted });
}

function read<Answer>({ stage, schema }: Question<Answer>, answer: HttpAnswer): Answer {
  const parsed = schema.safeParse(bodyJson(answer));
  if (parsed.success) return parsed.data;
  throw new StepUnanswered(stage, `Bluesky answered ${answer.status} with a body that cannot be read`);
}
