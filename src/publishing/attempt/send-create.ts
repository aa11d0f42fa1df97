// Steps 4 and 5: commit the intent, then make the point-of-no-return call, once, before its deadline.

import type { CallAnswer } from '../../domain/schedules/create-record.ts';
import type { Attempt } from '../../ledger/attempts/open-attempt.ts';
import { AttemptSuperseded, commitIntent } from '../../ledger/intents/commit-intent.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { CreateCall, CreateReading } from '../../platforms/create-and-look.ts';
import type { PlatformSession } from '../../platforms/sessions.ts';
import type { HttpAnswer, ToolAnswer, ToolExchange } from '../../transport/exchange.ts';
import type { SendGate } from '../../transport/send.ts';
import type { PublishingContext } from '../context.ts';
import { callAnswerOf, type SendReading, sentCallOf } from './create-record.ts';
import { unknownCause } from './ends.ts';
import type { Keeper } from './keeper.ts';

export interface Sending {
  readonly context: PublishingContext;
  readonly adapter: PlatformAdapter;
  readonly schedule: Pick<ScheduleRow, 'publishBefore'>;
  readonly session: PlatformSession;
  readonly attempt: Attempt;
  readonly keeper: Keeper;
}

/** What came of the one call. `not_sent`: not one byte left. */
export type SendResult = SendReading & { readonly intentId: string; readonly answer: CallAnswer };

/** Commits the intent and sends the create. @throws AttemptSuperseded | AttemptStopped before anything was sent */
export async function sendCreate(sending: Sending): Promise<SendResult> {
  const { context, adapter, session, attempt, keeper } = sending;
  const { workspaceId, scheduleId } = session.post;
  const call = adapter.create(session);
  await context.points.reach('before_intent', scheduleId);
  keeper.assertKept();
  const sendWindowMs = windowMs(sending);
  const deadline = sendDeadline(context, sendWindowMs);
  const intent = await commitIntent(context.ledger, {
    schedule: { workspaceId, scheduleId },
    attempt,
    sendWindowMs,
    markers: call.markers,
    sentCall: sentCallOf(call, session.grant),
  });
  keeper.sent({
    id: intent.id,
    sentAt: intent.sentAt.toISOString(),
    sendDeadline: intent.sendDeadline.toISOString(),
  });
  await context.points.reach('after_intent', scheduleId);
  const exchange = await leave(context, call, sendWindowMs, {
    mayLeave: () => !deadline.passed() && !keeper.lost(),
    left: () => context.points.reach('request_sent', scheduleId),
  });
  const reading = readExchange(exchange, sending);
  const answer = callAnswerOf(exchange, reading, context.ledger.clock.now(), session.grant);
  return { ...reading, intentId: intent.id, answer };
}

/** Sends the call, whichever kind it is, once and past its gate. */
function leave(
  { transport, mcp, settings: { timeouts } }: PublishingContext,
  call: CreateCall,
  sendWindowMs: number,
  gate: SendGate,
): Promise<ToolExchange> {
  const { answerMs } = timeouts;
  return 'request' in call
    ? transport.sendCreate(call.request, { timeoutMs: sendWindowMs + answerMs }, gate)
    : mcp.create(call.toolCall, { openMs: sendWindowMs, answerMs }, gate);
}

/** How long the call may still leave, in ms: never past the last moment at which the post may go out. @throws AttemptSuperseded */
function windowMs({ context: { ledger, settings }, schedule }: Sending): number {
  const { sendWindowMs } = settings.timeouts;
  if (schedule.publishBefore === null) return sendWindowMs;
  const leftMs = schedule.publishBefore.getTime() - ledger.clock.now().getTime();
  if (leftMs <= 0) throw new AttemptSuperseded('Its last moment passed while it was prepared.');
  return Math.min(sendWindowMs, leftMs);
}

/**
 * Taken before the intent is committed, so it ends no later than the deadline that reconciling workers read, and
 * measured on two clocks: one that a correction of the time cannot turn back, and the wall's.
 */
function sendDeadline({ ledger }: PublishingContext, windowMs: number): { passed(): boolean } {
  const wallMs = ledger.clock.machineNow().getTime() + windowMs;
  const monotonicMs = performance.now() + windowMs;
  return { passed: () => performance.now() >= monotonicMs || ledger.clock.machineNow().getTime() >= wallMs };
}

/** Law 3: only a complete answer that says yes or no is believed; everything else is unknown. */
function readExchange(exchange: ToolExchange, sending: Sending): SendReading {
  const { platform } = sending.adapter;
  if (exchange.kind === 'not_sent') return { kind: 'not_sent', detail: exchange.detail };
  if (exchange.kind === 'no_answer') {
    return { kind: 'unclear', cause: unknownCause(platform, `no answer came (${exchange.reason})`) };
  }
  if (exchange.kind === 'tool_answer') return readAnswer(exchange, sending);
  const { status } = exchange;
  const unclear = {
    kind: 'unclear',
    cause: unknownCause(platform, `the platform answered ${status}`, status),
  } as const;
  if (status >= 500 || status === 408) return unclear;
  const reading = readAnswer(exchange, sending);
  // A redirect is neither a yes nor a no, whatever an adapter makes of it.
  return status >= 300 && status < 400 && reading.kind !== 'unclear' ? unclear : reading;
}

/** A reader that trips over an answer has not read a refusal. */
function readAnswer(answer: HttpAnswer | ToolAnswer, { context, adapter, session }: Sending): CreateReading {
  try {
    return adapter.readCreate(answer, session);
  } catch (error) {
    const status = answer.kind === 'answer' ? answer.status : undefined;
    context.log.error({ err: error, platform: adapter.platform }, 'the answer to a create could not be read');
    return { kind: 'unclear', cause: unknownCause(adapter.platform, 'the answer could not be read', status) };
  }
}
