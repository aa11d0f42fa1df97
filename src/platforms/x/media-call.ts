// A media call: repeatable, refused by X's table at stage `media`, and a failed step when 5xx answers outlast the tries.
import type { HttpAnswer, HttpRequest } from '../../transport/exchange.ts';
import { repeatable } from '../repeatable.ts';
import type { PlatformSession } from '../sessions.ts';
import { classifyAnswer, isWorded } from './problem.ts';
import { readAnswer, type Upload, uploadSchema } from './wire.ts';

/**
 * Makes a media call and answers its 2xx. Three outages of 2025 and 2026 answered every media call with 404: it is repeated
 * before it is believed. @throws StepRefused | AppFault | StepUnanswered
 */
export async function askMedia(session: PlatformSession, request: HttpRequest): Promise<HttpAnswer> {
  const refusal = (answer: HttpAnswer) => classifyAnswer(answer, 'media', session);
  const exhausted = (answer: HttpAnswer) => refusal(answer).cause;
  const doubted = ({ status }: HttpAnswer) => status === 404;
  return await repeatable(session, request, { stage: 'media', refusal, worded: isWorded, doubted, exhausted });
}

/** Makes a media call that answers with the upload. @throws StepRefused | StepUnanswered */
export async function askUpload(session: PlatformSession, request: HttpRequest): Promise<Upload> {
  return readAnswer(await askMedia(session, request), uploadSchema, 'media').data;
}
