// The workflow of one publish: due -> publish -> live, or a timer, or a person. It holds no truth of its own; after
// every step the ledger says where the schedule stands.
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { MessageVerdict } from '../src/domain/messages/messages.ts';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { SCHEDULE_STATES } from '../src/domain/schedules/states.ts';
import { ledger } from './ledger.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import { statusQuery } from './messages.ts';
import { publishCaller } from './run-on.ts';
import { indexState } from './search-attributes.ts';
import { settled } from './settled.ts';
import { type PublishStart, readStart } from './start.ts';
import { details, type PublishStatus, SHOWN_MESSAGES } from './status.ts';
import { openTurn, type Turn } from './turn.ts';
import { waitForNext } from './waiting.ts';

/** Between two runs of the activity at least, whatever the clocks of server and worker say. */
const PAUSE_MS = 1_000;

/**
 * Publishes one schedule. Takes one object: `{scheduleId}`, or `{schedule: {...}}` with the whole post.
 * Ends with the ledger's state, or fails as `InvalidStart`, `IntakeRefused`, `IntakeFault` or `UnknownSchedule` before
 * anything is sent.
 */
export async function publish(input?: unknown): Promise<PublishResult> {
  const start = readStart(input, workflowInfo().workflowId);
  let status: PublishStatus = {
    scheduleId: 'scheduleId' in start ? start.scheduleId : null,
    result: null,
    running: false,
    messages: [],
  };
  const show = (change: Partial<PublishStatus>) => {
    status = { ...status, ...change };
    setCurrentDetails(details(status));
  };
  const turn = openTurn();
  const mailbox = openMailbox(
    () => status.scheduleId,
    (verdict) => show({ messages: newest(status.messages, verdict) }),
    turn.call,
  );
  setHandler(statusQuery, () => status, { description: 'Where the publish stands, as the ledger said last.' });
  // Temporal's own Cancel is a message like any other: past the point of no return it is refused, and the run goes on.
  CancellationScope.current().cancelRequested.catch(() => mailbox.deliver('cancel', { note: 'canceled in Temporal' }));
  return CancellationScope.nonCancellable(() => run(start, mailbox, turn, show));
}

type Show = (change: Partial<PublishStatus>) => void;

async function run(start: PublishStart, mailbox: Mailbox, turn: Turn, show: Show): Promise<PublishResult> {
  const publishOnce = publishCaller('scheduleId' in start && start.largeMedia);
  let attempts = 'scheduleId' in start ? start.attempts : 0;
  const attempt = async (scheduleId: string) => {
    show({ running: true });
    turn.taken();
    const result = await settled(publishOnce(scheduleId, attempts), () => ledger.readState(scheduleId));
    attempts = Math.max(attempts, result.attempts);
    show({ running: false, result });
    return result;
  };
  let result = await firstStep(start, mailbox, show, attempt);
  let soonestMs = Date.now();
  while (!SCHEDULE_STATES[result.state].ended) {
    const { scheduleId } = result;
    const due = await waitForNext({ ...result, attempts }, soonestMs, mailbox, turn);
    // What was said before the time came counts: a cancel must not lose against an attempt that starts with it.
    await condition(() => mailbox.idle());
    const effect = mailbox.takeEffect();
    if (effect === 'publish' || (effect === null && due)) {
      result = await attempt(scheduleId);
      soonestMs = Date.now() + PAUSE_MS;
    } else {
      result = await ledger.readState(scheduleId);
      show({ result });
    }
  }
  indexState(result);
  await condition(allHandlersFinished);
  return result;
}

/** The first look at the schedule: taken in, continued, asked about by a message, or simply published. */
async function firstStep(
  start: PublishStart,
  mailbox: Mailbox,
  show: Show,
  attempt: (scheduleId: string) => Promise<PublishResult>,
): Promise<PublishResult> {
  if ('schedule' in start) {
    const result = await ledger.takeIn(start.schedule);
    show({ scheduleId: result.scheduleId, result });
    return result;
  }
  // A message that started this run is answered before anything is published.
  await condition(() => mailbox.idle());
  if (!start.continued && !mailbox.heard()) return attempt(start.scheduleId);
  const result = await ledger.readState(start.scheduleId);
  show({ result });
  return result;
}

function newest(messages: readonly MessageVerdict[], verdict: MessageVerdict): MessageVerdict[] {
  return [...messages, verdict].slice(-SHOWN_MESSAGES);
}
