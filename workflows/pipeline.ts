// The workflow of a run: one stage after another. It holds no truth of its own; after every step the ledger says where the run stands.
import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { RunVerdict } from '../src/domain/pipeline/run-messages.ts';
import type { RunStep } from '../src/domain/pipeline/run-step.ts';
import { stagesQueueOf } from '../src/domain/temporal/task-queues.ts';
import { toPlainText } from '../src/domain/text/plain-text.ts';
import { ledger } from './ledger.ts';
import { policy } from './policy.ts';
import { openRunMailbox } from './run-mailbox.ts';
import { runStatusQuery } from './run-messages.ts';
import { type RunStart, readRunStart } from './run-start.ts';
import { type PipelineStatus, runDetails } from './run-status.ts';

/** Saving what a stage made comes after the stage's own time. */
const SPARE_MS = 120_000;
/** Between two looks at a stage at least, whatever the clocks say. */
const PAUSE_MS = 1_000;
const SHOWN_MESSAGES = 5;
const SUMMARY_CHARS = 180;

/**
 * Brings one run to its end. Takes one object: `{runId}`, or `{run: {...}}` with the whole request. Fails as `InvalidStart`,
 * `RunRefused` or `UnknownRun` before anything is done.
 */
export async function pipeline(input?: unknown): Promise<RunStep> {
  const start = readRunStart(input, workflowInfo().workflowId);
  let status: PipelineStatus = {
    runId: 'runId' in start ? start.runId : null,
    step: null,
    working: false,
    messages: [],
  };
  const show = (change: Partial<PipelineStatus>) => {
    status = { ...status, ...change };
    setCurrentDetails(runDetails(status));
  };
  const told = (verdict: RunVerdict) => show({ messages: [...status.messages, verdict].slice(-SHOWN_MESSAGES) });
  const mailbox = openRunMailbox(() => status.runId, told);
  setHandler(runStatusQuery, () => status, { description: 'Where the run stands, as the ledger said last.' });
  CancellationScope.current().cancelRequested.catch(() => mailbox.deliver('cancel', { note: 'canceled in Temporal' }));
  return CancellationScope.nonCancellable(() => run(start, mailbox, show));
}

type Show = (change: Partial<PipelineStatus>) => void;

async function run(start: RunStart, mailbox: ReturnType<typeof openRunMailbox>, show: Show): Promise<RunStep> {
  let step = await firstStep(start, show);
  const { runId } = step;
  for (;;) {
    if (step.state === 'ended' || step.state === 'canceled') break;
    if (!step.goesOn) await untilWoken(step, runId, mailbox);
    mailbox.listened();
    show({ working: true });
    step = { runId, ...(await work(runId, step)) };
    show({ working: false, step });
  }
  await condition(allHandlersFinished);
  return step;
}

async function firstStep(start: RunStart, show: Show): Promise<RunStep & { readonly runId: string }> {
  if ('runId' in start) {
    const { runId } = start;
    const step = await settled(ledger.readRun({ runId }));
    show({ step });
    return { runId, ...step };
  }
  const taken = await settled(ledger.takeInRun(start));
  show({ runId: taken.runId, step: taken });
  return taken;
}

/** Waits for its time or for a word. A run whose history has grown long continues as new. */
async function untilWoken(step: RunStep, runId: string, mailbox: ReturnType<typeof openRunMailbox>): Promise<void> {
  const grown = () => workflowInfo().continueAsNewSuggested && mailbox.idle();
  if (grown()) {
    await condition(allHandlersFinished);
    if (!mailbox.heard()) await continueAsNew({ runId });
  }
  const woken = () => mailbox.heard() || grown();
  if (step.wakeAt === null) return condition(woken);
  const waitMs = Math.max(Date.parse(step.wakeAt) - Date.now(), PAUSE_MS);
  const summary = toPlainText(`${step.stageId}: ${step.says ?? 'waits for its time'}`, SUMMARY_CHARS);
  await condition(woken, waitMs, { summary });
}

/** One step. What somebody did to the activity by hand says nothing of the run: the ledger is asked where it stands. */
async function work(runId: string, { stageId, timeoutMs }: RunStep): Promise<RunStep> {
  const { runStage } = proxyActivities<Activities>({
    taskQueue: stagesQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: timeoutMs + SPARE_MS,
    heartbeatTimeout: policy.heartbeat,
    retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '15s' },
    summary: stageId,
  });
  try {
    return await runStage({ runId });
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    if (cause instanceof ApplicationFailure && cause.type === 'UnknownRun') throw final(cause);
    return ledger.readRun({ runId });
  }
}

async function settled<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApplicationFailure) throw final(error);
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    throw cause instanceof ApplicationFailure ? final(cause) : error;
  }
}

const final = ({ message, type }: ApplicationFailure) => ApplicationFailure.nonRetryable(message, type ?? 'RunRefused');
