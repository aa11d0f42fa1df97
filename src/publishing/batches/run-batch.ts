// One page of a batch: whoever's turn it is is asked to run again, each through the gate by itself, under an id of its own,
// so that who is asked twice because a worker died runs once.
import type { Client } from '@temporalio/client';
import type { BatchKey } from '../../domain/batches/batch.ts';
import { type BatchRow, findBatch } from '../../ledger/batches/batches.ts';
import {
  countUnderWay,
  dueMembers,
  endBatch,
  keepVerdict,
  type MemberAnswer,
  type MemberTurn,
  nextTurn,
  noteTry,
  putOff,
} from '../../ledger/batches/members.ts';
import { isDatabaseDown } from '../../ledger/database/database.ts';
import { wasAccepted } from '../../ledger/messages/read-messages.ts';
import { pause } from '../attempt/pause.ts';
import type { PublishingContext } from '../context.ts';
import { type ReplayReply, ReplayUnanswered, requestReplay, TemporalUnavailable } from '../messages/request-replay.ts';

/** So few that whoever else waits for a worker of the recovery queue has a turn in between. */
const PAGE = 10;
/**
 * Asked at the same time. A batch has one account, which publishes one post after another: who is asked long before its turn only
 * waits in a queue, and a wait costs more than the publish. The next are asked when these are through, or after so long.
 */
const AT_ONCE = 2;
const LOOK_EVERY_MS = 50;
const LOOK_FOR_MS = 10_000;
/** Who does not answer is asked again, so often and after so long. */
const MOST_TRIES = 3;
const AGAIN_AFTER_MS = 30_000;

type Context = Pick<PublishingContext, 'ledger' | 'settings' | 'log'>;

export interface BatchControl {
  heartbeat(place: number): void;
  /** Fires when the worker wants to end. */
  readonly withdrawn: AbortSignal;
}

/** Asks the members whose turn it is. Answers when the next one has its turn, as an ISO instant; null: the batch has ended. */
export async function runBatch(
  context: Context,
  client: Client,
  key: BatchKey,
  control: BatchControl,
): Promise<string | null> {
  const { ledger } = context;
  const found = await findBatch(ledger, key.workspaceId, key.batchId);
  if (!found || found.batch.endedAt !== null) return null;
  const due = await dueMembers(ledger, key.batchId, PAGE);
  for (let from = 0; from < due.length; from += AT_ONCE) {
    control.withdrawn.throwIfAborted();
    const asked = due.slice(from, from + AT_ONCE);
    await Promise.all(asked.map((member) => ask(context, client, found.batch, member)));
    control.heartbeat(due[from]?.place ?? 0);
    if (due.length > from + AT_ONCE) await untilThrough(context, key, asked, control);
  }
  const next = await nextTurn(ledger, key.batchId);
  if (next === null) await endBatch(ledger, key);
  return next?.toISOString() ?? null;
}

async function untilThrough(
  { ledger }: Context,
  { workspaceId }: BatchKey,
  asked: readonly MemberTurn[],
  { withdrawn }: BatchControl,
): Promise<void> {
  const ids = asked.map(({ scheduleId }) => scheduleId);
  const untilMs = performance.now() + LOOK_FOR_MS;
  while (performance.now() < untilMs && (await countUnderWay(ledger, workspaceId, ids)) > 0) {
    await pause(LOOK_EVERY_MS, withdrawn);
    withdrawn.throwIfAborted();
  }
}

async function ask(context: Context, client: Client, batch: BatchRow, member: MemberTurn): Promise<void> {
  const { ledger } = context;
  if (!(await noteTry(ledger, batch.id, member.place))) return;
  try {
    const reply = await replay(context, client, batch, member);
    const answer = reply.kind === 'refused' && (await wasTaken(context, batch, member)) ? ACCEPTED : answerOf(reply);
    await keepVerdict(ledger, batch.id, member.place, answer);
  } catch (error) {
    // While nobody can be asked at all, the whole page waits; what one member meets must not hold up the others.
    if (error instanceof TemporalUnavailable || isDatabaseDown(error)) throw error;
    await askAgainLater(context, batch, member, error);
  }
}

async function askAgainLater(
  { ledger, log }: Context,
  batch: BatchRow,
  member: MemberTurn,
  error: unknown,
): Promise<void> {
  const { place, scheduleId, tries } = member;
  log.warn({ err: error, batchId: batch.id, scheduleId }, 'a member of a batch got no verdict');
  if (tries + 1 < MOST_TRIES) {
    return putOff(ledger, batch.id, place, new Date(ledger.clock.now().getTime() + AGAIN_AFTER_MS));
  }
  await keepVerdict(ledger, batch.id, place, error instanceof ReplayUnanswered ? UNANSWERED : FAULT);
}

const FAULT: MemberAnswer = {
  verdict: 'unanswered',
  reason: null,
  says: 'Oncepost met a fault of its own; look at it before it is asked again; the log has the details.',
};

function replay(context: Context, client: Client, batch: BatchRow, member: MemberTurn): Promise<ReplayReply> {
  const { workspaceId, askedBy: actor, askedAt, note } = batch;
  const { scheduleId, attempts: expectedAttempt } = member;
  return requestReplay(client, context, {
    workspaceId,
    actor,
    requestedBy: actor.label.slice(0, 200),
    request: { scheduleId, expectedAttempt, ...(note === null ? {} : { note }) },
    arrivedAt: askedAt,
    callId: callIdOf(batch, member),
  });
}

const UNANSWERED: MemberAnswer = {
  verdict: 'unanswered',
  reason: null,
  says: 'No worker answered in time, so it may still begin; look at it before it is asked again.',
};

const ACCEPTED: MemberAnswer = { verdict: 'accepted', reason: null, says: 'It runs again.' };

/** A replay whose record was lost with its worker may have run and ended since: what is refused now was accepted then. */
async function wasTaken({ ledger }: Context, batch: BatchRow, member: MemberTurn): Promise<boolean> {
  if (member.tries === 0) return false;
  const { workspaceId } = batch;
  return wasAccepted(ledger, { workspaceId, scheduleId: member.scheduleId }, callIdOf(batch, member));
}

function answerOf(reply: ReplayReply): MemberAnswer {
  if (reply.kind === 'accepted') return ACCEPTED;
  if (reply.kind === 'unknown_schedule')
    return { verdict: 'refused', reason: 'not_found', says: 'It is not there any more.' };
  return { verdict: 'refused', reason: reply.reason, says: reply.text };
}

const callIdOf = ({ id }: BatchRow, { place }: MemberTurn) => `batch/${id}/${place}`;
