// Calls that may be repeated: media, containers, reads, token renewal. Never the create, which is sent once (law 2).
import type { Cause, Stage } from '../domain/causes.ts';
import type { HttpAnswer, HttpRequest } from '../transport/exchange.ts';
import { type PlatformSession, StepRefused, StepUnanswered } from './contract.ts';

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
  session: PlatformSession,
  request: HttpRequest,
  reading: Repeatable,
): Promise<HttpAnswer> {
  let detail = '';
  let lastAnswer: HttpAnswer | null = null;
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await session.wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    const exchange = await session.call(request);
    if (exchange.kind !== 'answer') {
      detail = `${exchange.kind === 'not_sent' ? 'the call did not leave' : 'no answer came'} (${exchange.detail})`;
      continue;
    }
    if (exchange.status >= 200 && exchange.status < 300) return exchange;
    if (exchange.status < 500 && exchange.status !== 408) throw new StepRefused(reading.refusal(exchange));
    detail = `the platform answered ${exchange.status}`;
    lastAnswer = exchange;
  }
  if (lastAnswer && reading.exhausted) throw new StepRefused(reading.exhausted(lastAnswer));
  throw new StepUnanswered(reading.stage, detail);
}
