// How a PDS is called: addresses, the bearer header, and repeatable calls read through a schema.
import type { z } from 'zod';
import type { Stage } from '../../domain/causes/causes.ts';
import { bodyJson, type HttpAnswer, type HttpRequest } from '../../transport/exchange.ts';
import { type AccountSession, StepRefused, StepUnanswered } from '../contract.ts';
import { repeatable } from '../repeatable.ts';
import { classifyAnswer, errorName, isWorded } from './errors.ts';

/** A repeatable call of the preparation or of a look. */
export interface Question<Answer> {
  readonly stage: Stage;
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
  const { stage, request } = question;
  return read(
    question,
    await repeatable(session, request, {
      stage,
      refusal: (answer) => classifyAnswer(answer, stage, session),
      worded: isWorded,
    }),
  );
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
  const { stage, request } = question;
  let absent = false;
  const refusal = (answer: HttpAnswer) => {
    absent = answer.status === 400 && absentNames.includes(errorName(answer) ?? '');
    return classifyAnswer(answer, stage, session);
  };
  try {
    return read(question, await repeatable(session, request, { stage, refusal, worded: isWorded }));
  } catch (error) {
    if (error instanceof StepRefused && absent) return null;
    throw error;
  }
}

function read<Answer>({ stage, schema }: Question<Answer>, answer: HttpAnswer): Answer {
  const parsed = schema.safeParse(bodyJson(answer));
  if (parsed.success) return parsed.data;
  throw new StepUnanswered(stage, `Bluesky answered ${answer.status} with a body that cannot be read`);
}
