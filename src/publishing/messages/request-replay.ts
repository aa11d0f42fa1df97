// Asks a publish to run again, for a proven caller of ours: the gate first, then the workflow's own verdict as the
// reply. A workflow that is gone is started again by the same call.
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { z } from 'zod';
import { BLOCKED_REASONS, type BlockedReason } from '../../domain/gate/gate.ts';
import type { TargetProblem } from '../../domain/gate/target.ts';
import { MESSAGE_REFUSALS, type MessageRefusal, refusalText } from '../../domain/messages/messages.ts';
import type { ReplayRequest } from '../../domain/messages/replay-request.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { keyOf } from '../../domain/schedules/schedule-key.ts';
import { redact } from '../../domain/text/redact.ts';
import { replayUpdateId } from '../../ledger/messages/replay-proof.ts';
import { type ReplayChecked, recordReplayRequest } from '../../ledger/messages/replay-requests.ts';
import type { PublishingContext } from '../context.ts';
import { publishStartOptions } from '../workflows/start-workflow.ts';
import { temporalAnswers } from '../workflows/temporal-reach.ts';

const REACHED_WITHIN_MS = 3_000;
/** A run takes ten updates at a time; the SDK asks again, with pauses and for this long, while there are more. */
const ANSWERED_WITHIN_MS = 20_000;
const MOST_FAULTS = 5;

/** Temporal cannot be asked: nothing was sent. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';
}

/** The replay was sent and nobody answered in time: it may still begin. */
export class ReplayUnanswered extends Error {
  override readonly name = 'ReplayUnanswered';
}

/** The replay met a fault of our own where it was decided: nothing was changed. */
class ReplayFault extends Error {
  override readonly name = 'ReplayFault';
}

export interface ReplayCall {
  readonly workspaceId: string;
  readonly actor: Actor;
  /** How the message names the caller for whoever reads it in Temporal; who it was is proven by the ledger's record. */
  readonly requestedBy: string;
  readonly request: ReplayRequest;
  readonly arrivedAt: Date;
  /** The same for the same call: a call that is repeated gets the verdict of the first. */
  readonly callId: string;
}

export type ReplayReply =
  | { readonly kind: 'accepted'; readonly workflowId: string }
  | { readonly kind: 'unknown_schedule' }
  | {
      readonly kind: 'refused';
      readonly reason: BlockedReason | MessageRefusal;
      readonly reasons: readonly BlockedReason[];
      readonly text: string;
      /** What is wrong with the account it is meant for, where that blocks it. */
      readonly targetProblem?: TargetProblem | undefined;
    };

type Context = Pick<PublishingContext, 'ledger' | 'settings'>;

/** @throws TemporalUnavailable | ReplayFault, with nothing changed; ReplayUnanswered when it may still begin. */
export async function requestReplay(client: Client, context: Context, call: ReplayCall): Promise<ReplayReply> {
  const { request } = call;
  const note = request.note === undefined ? null : redact(request.note, null);
  const reached = await temporalAnswers(client, context.ledger.clock, REACHED_WITHIN_MS);
  if (!reached) throw new TemporalUnavailable('Temporal does not answer.');
  const checked = await recordReplayRequest(context.ledger, {
    workspaceId: call.workspaceId,
    scheduleId: request.scheduleId,
    actor: call.actor,
    note,
    expectedAttempt: request.expectedAttempt,
    arrivedAt: call.arrivedAt,
    callId: call.callId,
    underWayMs: ANSWERED_WITHIN_MS,
  });
  if (!checked) return { kind: 'unknown_schedule' };
  const { decision, targetProblem } = checked;
  if (!decision.accepted) {
    const text = refusalText(decision.reason);
    return { kind: 'refused', ...decision, text, targetProblem: targetProblem ?? undefined };
  }
  const deadline = context.ledger.clock.machineNow().getTime() + ANSWERED_WITHIN_MS;
  // A run remembers each answer under its id, a fault too: what is asked again after one needs the next id.
  for (let sent = 1; ; sent += 1) {
    const updateId = replayUpdateId(context.ledger, keyOf(checked.schedule), call.callId, sent);
    const verdict = readVerdict(await sendUpdate(client, context, { ...call, updateId, note, deadline }, checked));
    if (verdict.kind === 'accepted') return { kind: 'accepted', workflowId: checked.schedule.workflowId };
    if (verdict.kind !== 'fault') return verdict;
    if (sent === MOST_FAULTS) throw new ReplayFault(verdict.text);
  }
}

interface Sendable extends ReplayCall {
  readonly updateId: string;
  readonly note: string | null;
  readonly deadline: number;
}

async function sendUpdate(
  client: Client,
  context: Context,
  call: Sendable,
  { schedule, accountName, attempt }: ReplayChecked,
) {
  const { publishAt, platform, workflowId } = schedule;
  const { startDelay: _, ...start } = publishStartOptions(context, {
    ...keyOf(schedule),
    workflowId,
    publishAt,
    platform,
    accountName,
  });
  // Pinned to the attempt that was looked at: of many replays that arrive together, one finds it still the newest.
  const body = {
    requestedBy: call.requestedBy,
    expectedAttempt: attempt,
    ...(call.note === null ? {} : { note: call.note }),
  };
  try {
    return await client.withDeadline(call.deadline, () =>
      client.workflow.executeUpdateWithStart('requestReplay', {
        args: [body],
        updateId: call.updateId,
        startWorkflowOperation: new WithStartWorkflowOperation('publish', {
          ...start,
          workflowIdConflictPolicy: 'USE_EXISTING',
        }),
      }),
    );
  } catch (error) {
    throw new ReplayUnanswered('The replay was sent and got no verdict.', { cause: error });
  }
}

const isRefusal = (value: string): value is MessageRefusal => Object.hasOwn(MESSAGE_REFUSALS, value);

/** The verdict as it comes back through Temporal; one without a reason met a fault before anything was decided. */
const verdictSchema = z.union([
  z.object({ accepted: z.literal(true) }),
  z.object({
    accepted: z.literal(false),
    reason: z.union([z.enum(BLOCKED_REASONS), z.enum(Object.keys(MESSAGE_REFUSALS).filter(isRefusal))]),
    reasons: z.array(z.enum(BLOCKED_REASONS)),
    text: z.string(),
  }),
  z.object({ accepted: z.literal(false), reason: z.null(), text: z.string() }),
]);

type Verdict =
  | Exclude<ReplayReply, { kind: 'accepted' }>
  | { readonly kind: 'accepted' }
  | { readonly kind: 'fault'; readonly text: string };

function readVerdict(answer: unknown): Verdict {
  const parsed = verdictSchema.safeParse(answer);
  if (!parsed.success) throw new ReplayUnanswered('The verdict cannot be read.', { cause: parsed.error });
  const verdict = parsed.data;
  if (verdict.accepted) return { kind: 'accepted' };
  if (verdict.reason === null) return { kind: 'fault', text: verdict.text };
  return { kind: 'refused', reason: verdict.reason, reasons: verdict.reasons, text: verdict.text };
}
