// Asks X whose grant it is.
import type { HttpAnswer } from '../../transport/exchange.ts';
import type { AccountSession } from '../contract.ts';
import { repeatable } from '../repeatable.ts';
import { addressOf, bareCall } from './calls.ts';
import { classifyAnswer, isWorded } from './problem.ts';
import { readAnswer, userSchema } from './wire.ts';

/** The id of the user the token acts for. @throws StepRefused | StepUnanswered */
export async function identify(session: AccountSession): Promise<string> {
  const request = bareCall(session, 'GET', addressOf(session, '/2/users/me'));
  const refusal = (answer: HttpAnswer) => classifyAnswer(answer, 'grant', session, 'read');
  return readAnswer(
    await repeatable(session, request, { stage: 'grant', refusal, worded: isWorded }),
    userSchema,
    'grant',
  ).data.id;
}
