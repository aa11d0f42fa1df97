// Receives every message, known or not, and has the ledger answer them one at a time. Nothing that arrives is thrown.
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  currentUpdateInfo,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { MessageEffect, MessageVerdict } from '../src/domain/messages/messages.ts';
import { ACCOUNT_FREE } from '../src/domain/temporal/account-free.ts';
import { LOOK_AGAIN } from '../src/domain/temporal/look-again.ts';
import { ledger } from './ledger.ts';
import { SIGNAL_NAMES, SIGNALS, signal, UPDATE_NAMES, UPDATES, update } from './messages.ts';

export interface Mailbox {
  /** True when no message waits for its answer. */
  idle(): boolean;
  /** True once any message has arrived in this run. */
  heard(): boolean;
  /** What an accepted message asks the run to do, or null; taking it forgets it. */
  takeEffect(): MessageEffect | null;
  hasEffect(): boolean;
  deliver(name: string, body: unknown): Promise<MessageVerdict>;
}

/**
 * Opens the mailbox. Messages wait until the schedule's id is known. `told` sees every verdict. `turnCame`: the word of our
 * own that the account is free, which is no message and answered by nobody.
 */
export function openMailbox(
  scheduleId: () => string | null,
  told: (verdict: MessageVerdict) => void,
  turnCame: () => void,
): Mailbox {
  let waiting = 0;
  let arrived = 0;
  let effect: MessageEffect | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function handle(messageId: string, name: string, body: unknown): Promise<MessageVerdict> {
    await condition(() => scheduleId() !== null);
    const verdict = await ask({ scheduleId: scheduleId() ?? '', messageId, name, body });
    // The newest counts: the ledger has moved on from whatever an earlier one asked for.
    if (verdict.accepted) effect = verdict.effect;
    told(verdict);
    return verdict;
  }

  function deliver(name: string, body: unknown): Promise<MessageVerdict> {
    waiting += 1;
    arrived += 1;
    const id = messageId();
    const answered = CancellationScope.nonCancellable(() => last.then(() => handle(id, name, body))).finally(() => {
      waiting -= 1;
    });
    last = answered;
    return answered;
  }

  listen(deliver, { turnCame, lookAgain: () => (effect ??= 'wait_until') });
  return {
    idle: () => waiting === 0,
    heard: () => arrived > 0,
    hasEffect: () => effect !== null,
    takeEffect() {
      const taken = effect;
      effect = null;
      return taken;
    },
    deliver,
  };
}

/** Words of our own, which are no messages and answered by nobody. */
interface OwnWords {
  turnCame(): void;
  /** The ledger has changed; whatever a message asked for meanwhile counts more. */
  lookAgain(): void;
}

function listen(deliver: Mailbox['deliver'], { turnCame, lookAgain }: OwnWords): void {
  for (const name of SIGNAL_NAMES) {
    const handler = async (body: unknown) => void (await deliver(name, body));
    setHandler(signal(name), handler, { description: SIGNALS[name] });
  }
  for (const name of UPDATE_NAMES) {
    setHandler(update(name), (body: unknown) => deliver(name, body), { description: UPDATES[name] });
  }
  // Without a handler of its own, so that the Temporal UI does not offer it.
  setDefaultSignalHandler(async (name, ...bodies) => {
    if (name === ACCOUNT_FREE) turnCame();
    else if (name === LOOK_AGAIN) lookAgain();
    else await deliver(name, bodies[0]);
  });
  setDefaultUpdateHandler((name, ...bodies) => deliver(name, bodies[0]));
}

/** An update keeps its own id, so that one that Temporal delivers again gets the verdict it got before. */
function messageId(): string {
  const update = currentUpdateInfo();
  return update ? `${workflowInfo().originalExecutionRunId}/${update.id}` : uuid4();
}

async function ask(message: Parameters<Activities['answerMessage']>[0]): Promise<MessageVerdict> {
  try {
    return await ledger.answerMessage(message);
  } catch (error) {
    // A local activity fails with its own error, where another would be wrapped.
    if (!(error instanceof ApplicationFailure)) throw error;
    const text = error.message;
    return { accepted: false, message: message.name, reason: null, reasons: [], text, effect: null, until: null };
  }
}
