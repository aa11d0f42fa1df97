// Calls that may be repeated: media, containers, reads, token renewal. Never the create, which is sent once (law 2).
import type { Cause, Stage } from '../domain/causes/causes.ts';
import type { Classified } from '../domain/causes/classify.ts';
import type { Exchange, HttpAnswer, HttpRequest } from '../transport/exchange.ts';
import type { AccountSession } from './sessions.ts';
import { AppFault, StepRefused, StepUnanswered } from './step-errors.ts';

const TRIES = 3;
const FIRST_PAUSE_MS = 500;
/** A token younger than this may not be known to every server of the platform yet. */
const FRESH_GRANT_MS = 60_000;

/** How a repeatable call is read. */
export interface Repeatable {
  readonly stage: Stage;
  /** What a refusal (a 3xx or 4xx) means, from the platform's own classifier. */
  readonly refusal: (answer: HttpAnswer) => Pick<Classified, 'cause' | 'app'>;
  /** Whether a refusal is the platform's own word. Any other may come from whatever stands in between: it is no answer. */
  readonly worded: (answer: HttpAnswer) => boolean;
  /** Worded refusals that outages have worn in the field: repeated before they are believed. */
  readonly doubted?: ((answer: HttpAnswer) => boolean) | undefined;
  /** The cause when the platform's 5xx outlast the tries; without it the step stays unanswered and is tried later. */
  readonly exhausted?: ((answer: HttpAnswer) => Cause) | undefined;
}

/**
 * Sends a repeatable call and answers its 2xx. A 5xx, 408, lost answer or a refusal that is not the platform's own is tried
 * again, three times in all, and so is one that outages have worn, or that meets a grant which is seconds old.
 * @throws StepRefused on an explicit refusal; AppFault when it is our app that is refused; StepUnanswered when no usable
 * answer came, and when a look ends with nothing but a refusal that outages have worn.
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
    if (last.kind === 'answer' && isBelieved(session, last, reading)) throw refused(last, reading);
  }
  if (last?.kind === 'answer' && isRefusal(last) && reading.worded(last) && reading.stage !== 'reconcile') {
    throw refused(last, reading);
  }
  if (last?.kind === 'answer' && !isRefusal(last) && reading.exhausted) throw new StepRefused(reading.exhausted(last));
  throw new StepUnanswered(reading.stage, describe(last));
}

function isBelieved(session: AccountSession, answer: HttpAnswer, { worded, doubted }: Repeatable): boolean {
  if (!isRefusal(answer) || !worded(answer)) return false;
  const freshMs = session.now().getTime() - session.grantSavedAt.getTime();
  return !(doubted?.(answer) || (answer.status === 401 && freshMs < FRESH_GRANT_MS));
}

function refused(answer: HttpAnswer, { refusal }: Repeatable): StepRefused | AppFault {
  const { cause, app } = refusal(answer);
  return app ? new AppFault(cause) : new StepRefused(cause);
}

function isRefusal({ status }: HttpAnswer): boolean {
  return status < 500 && status !== 408;
}

function describe(exchange: Exchange | null): string {
  if (exchange?.kind === 'answer') return `the platform answered ${exchange.status}`;
  const what = exchange?.kind === 'not_sent' ? 'the call did not leave' : 'no answer came';
  return `${what} (${exchange?.detail ?? 'nothing was tried'})`;
}
