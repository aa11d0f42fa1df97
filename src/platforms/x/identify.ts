// Asks X whose grant it is.
import type { AccountSession } from '../contract.ts';
import { repeatable } from '../repeatable.ts';
import { addressOf, bareCall } from './calls.ts';
import { causeOf } from './problem.ts';
import { readAnswer, userSchema } from './wire.ts';

/** The id of the user the token acts for. @throws StepRefused | StepUnanswered */
export async function identify(session: AccountSession): Promise<string> {
  const request = bareCall(session, 'GET', addressOf(session, '/2/users/me'));
  const refusal = (answer: Parameters<typeof causeOf>[0]) => causeOf(answer, 'grant', session);
  return readAnswer(await repeatable(session, request, { stage: 'grant', refusal }), userSchema, 'grant').data.id;
}
