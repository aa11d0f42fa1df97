// Calls that may be repeated: media, containers, reads, token renewal. Never the create, which is sent once (law 2).
import type { Cause, Stage } from '../domain/causes/causes.ts';
import type { Exchange, HttpAnswer, HttpRequest } from '../transport/exchange.ts';
import { type AccountSession, StepRefused, StepUnanswered } from './contract.ts';

const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/** How a repeatable call is read. */
export interface Repeatable {
  readonly stage: Stage;
  /** The cause of a refusal (a 3xx or 4xx), from the platform's own classifier. */
  readonly refusal: (answer: HttpAnswer) => Cause;
  /** The cause when the platform's 5xx outlast the tries; without it the step stays unanswered and is tried later. */
  readonly exhausted?: ((answer: HttpAnswer) => Cause) | undefined;
}

/**
 * Sends a repeatable call and answers its 2xx. A 5xx, 408 or lost answer is tried again, three times in all.
 * @throws StepRefused on an explicit refusal; StepUnanswered when no usable answer came.
 */
export async function repeatable(
  session: AccountSession,
  request: HttpRequest,
  reading: Repeatable,
): Promise<HttpAnswer> {
  let last: Exchange | null = null;
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await session.wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    last = await session.call(request);
    if (last.kind === 'answer' && last.status < 300) return last;
    if (last.kind === 'answer' && isRefusal(last)) throw new StepRefused(reading.refusal(last));
  }
  if (last?.kind === 'answer' && reading.exhausted) throw new StepRefused(reading.exhausted(last));
  throw new StepUnanswered(reading.stage, describe(last));
}

function isRefusal({ status }: HttpAnswer): boolean {
  return status < 500 && status !== 408;
}

function describe(exchange: Exchange | null): string {
  if (exchange?.kind === 'answer') return `the platform answered ${exchange.status}`;
  const what = exchange?.kind === 'not_sent' ? 'the call did not leave' : 'no answer came';
  return `${what} (${exchange?.detail ?? 'nothing was tried'})`;
}
