// Asks X whose grant it is.
import type { HttpAnswer } from '../../transport/exchange.ts';
import type { Destination } from '../contract.ts';
import { repeatable } from '../repeatable.ts';
import type { AccountSession } from '../sessions.ts';
import { addressOf, bareCall } from './calls.ts';
import { classifyAnswer, isWorded } from './problem.ts';
import { readAnswer, userSchema } from './wire.ts';

/** The id of the user the token acts for. @throws StepRefused | StepUnanswered */
export async function identify(session: AccountSession): Promise<string> {
  return (await askUser(session)).id;
}

/** The one user the token acts for. @throws StepRefused | StepUnanswered */
export async function destinations(session: AccountSession): Promise<readonly Destination[]> {
  const { id, username } = await askUser(session);
  return [{ remoteId: id, name: username ? `@${username}` : id }];
}

async function askUser(session: AccountSession) {
  const request = bareCall(session, 'GET', addressOf(session, '/2/users/me'));
  const refusal = (answer: HttpAnswer) => classifyAnswer(answer, 'grant', session, 'read');
  const answer = await repeatable(session, request, { stage: 'grant', refusal, worded: isWorded });
  return readAnswer(answer, userSchema, 'grant').data;
}
