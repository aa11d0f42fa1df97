// Receives every message to a run, known or not, and has the ledger answer them one at a time. Nothing that arrives is thrown.
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  currentUpdateInfo,
  defineSignal,
  defineUpdate,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { RunVerdict } from '../src/domain/pipeline/run-messages.ts';
import { LOOK_AGAIN } from '../src/domain/temporal/look-again.ts';
import { ledger } from './ledger.ts';
import { RUN_MESSAGE_NAMES, RUN_MESSAGES } from './run-messages.ts';

export interface RunMailbox {
  /** True when no message waits for its answer. */
  idle(): boolean;
  /** True once something was accepted, or the ledger was changed from outside, since the run last listened. */
  heard(): boolean;
  listened(): void;
  deliver(name: string, body: unknown): Promise<RunVerdict>;
}

/** Opens the mailbox. Messages wait until the run's id is known. `told` sees every verdict. */
export function openRunMailbox(runId: () => string | null, told: (verdict: RunVerdict) => void): RunMailbox {
  let waiting = 0;
  let woken = false;
  let last: Promise<unknown> = Promise.resolve();

  async function handle(messageId: string, name: string, body: unknown): Promise<RunVerdict> {
    await condition(() => runId() !== null);
    const verdict = await ask({ runId: runId() ?? '', messageId, name, body });
    if (verdict.accepted) woken = true;
    told(verdict);
    return verdict;
  }

  function deliver(name: string, body: unknown): Promise<RunVerdict> {
    waiting += 1;
    const id = messageId();
    const answered = CancellationScope.nonCancellable(() => last.then(() => handle(id, name, body))).finally(() => {
      waiting -= 1;
    });
    last = answered;
    return answered;
  }

  listen(deliver, () => {
    woken = true;
  });
  return {
    idle: () => waiting === 0,
    heard: () => woken,
    listened() {
      woken = false;
    },
    deliver,
  };
}

function listen(deliver: RunMailbox['deliver'], lookAgain: () => void): void {
  for (const name of RUN_MESSAGE_NAMES) {
    const options = { description: RUN_MESSAGES[name] };
    setHandler(defineSignal<[unknown]>(name), async (body) => void (await deliver(name, body)), options);
    setHandler(defineUpdate<RunVerdict, [unknown]>(name), (body) => deliver(name, body), options);
  }
  // Without a handler of its own, so that the Temporal UI does not offer it.
  setDefaultSignalHandler(async (name, ...bodies) => {
    if (name === LOOK_AGAIN) lookAgain();
    else await deliver(name, bodies[0]);
  });
  setDefaultUpdateHandler((name, ...bodies) => deliver(name, bodies[0]));
}

/** An update keeps its own id, so that one that Temporal delivers again gets the verdict it got before. */
function messageId(): string {
  const update = currentUpdateInfo();
  return update ? `${workflowInfo().originalExecutionRunId}/${update.id}` : uuid4();
}

async function ask(message: Parameters<typeof ledger.answerRun>[0]): Promise<RunVerdict> {
  try {
    return await ledger.answerRun(message);
  } catch (error) {
    // A local activity fails with its own error, where another would be wrapped.
    if (!(error instanceof ApplicationFailure)) throw error;
    return { accepted: false, message: message.name, reason: null, text: error.message };
  }
}
