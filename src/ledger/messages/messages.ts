// Answers a message to a publish: the verdict, the state change and the record commit together, once per message.
import { and, desc, eq, ne } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { gate } from '../../domain/gate/gate.ts';
import { decideMessage, type Message, type MessageVerdict, refusalText } from '../../domain/messages/messages.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { isRunning } from '../../domain/schedules/states.ts';
import { newId } from '../../runtime/ids.ts';
import { closeInterrupted } from '../attempts/interrupted.ts';
import { UnknownSchedule } from '../attempts/open-attempt.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import { MAY_HAVE_LEFT } from '../intents/intents.ts';
import type { Ledger } from '../ledger.ts';
import { gateFacts, type IntentRow, lockFacts, type ScheduleFacts } from '../schedules/facts.ts';
import { move } from '../schedules/transitions.ts';
import { keepVersion } from '../schedules/versions.ts';
import { belongsTo } from '../schema/keys.ts';
import { intents, messages, posts } from '../schema/schedules.ts';
import { messageChanges } from './message-changes.ts';
import { provenCaller } from './replay-proof.ts';

/** A message as it arrived; `parsed` is null when it is nonsense, with the reason why. */
export interface IncomingMessage {
  readonly schedule: ScheduleKey;
  /** Unique per message: a message that is handled twice gets the same verdict twice. */
  readonly messageId: string;
  readonly name: string;
  /** What is kept of the body for the record, already cut and without secrets. */
  readonly body: unknown;
  readonly parsed: Message | { readonly refused: 'unknown_message' | 'malformed_message'; readonly why: string };
  readonly actor: Actor;
  /** It came through a door of ours and not through the publish's run, which must be told what it changed. */
  readonly fromOutside?: boolean;
}

/** @throws UnknownSchedule when there is no such schedule; then nothing was recorded. */
export async function answerMessage(ledger: Ledger, incoming: IncomingMessage): Promise<MessageVerdict> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, incoming.schedule);
    if (!facts) throw new UnknownSchedule(incoming.schedule.scheduleId);
    const known = await earlierVerdict(tx, incoming);
    if (known) return known;
    const now = ledger.clock.now();
    const actor = await whoSent(tx, incoming, { facts, now, ledger });
    const verdict = await decideAndApply(tx, { ...incoming, actor }, { facts, now, ledger });
    const { schedule, messageId, name, body } = incoming;
    await tx.insert(messages).values({ ...schedule, messageId, name, body, verdict, receivedAt: now });
    return verdict;
  });
}

async function earlierVerdict(tx: Tx, { schedule, messageId }: IncomingMessage): Promise<MessageVerdict | null> {
  const [row] = await tx
    .select({ verdict: messages.verdict })
    .from(messages)
    .where(and(belongsTo(messages, schedule), eq(messages.messageId, messageId)));
  return row?.verdict ?? null;
}

/** One of ours proves who sent it; a replay that came through Temporal is looked up by its id. */
async function whoSent(tx: Tx, { actor, parsed, messageId }: IncomingMessage, { facts, ledger }: Standing) {
  if (actor.type !== 'SELF_DECLARED' || 'refused' in parsed) return actor;
  return (await provenCaller(tx, ledger, facts.schedule, { messageId, parsed })) ?? actor;
}

interface Standing {
  readonly facts: ScheduleFacts;
  readonly now: Date;
  readonly ledger: Ledger;
}

async function decideAndApply(
  tx: Tx,
  incoming: IncomingMessage,
  { facts, now, ledger }: Standing,
): Promise<MessageVerdict> {
  const { parsed, actor, name } = incoming;
  if ('refused' in parsed)
    return refuse(tx, incoming, facts, now, { reason: parsed.refused, reasons: [], detail: parsed.why });
  const decision = decideMessage(parsed, {
    state: facts.schedule.state,
    intentOpen: facts.openIntent !== null,
    ...(await mayAppearUntil(tx, facts, ledger)),
    attemptsMade: facts.schedule.attemptsMade,
    causeCode: facts.schedule.cause?.code ?? null,
    gate: gate(gateFacts(facts, isRunning(facts.schedule.state))),
    nowMs: now.getTime(),
  });
  if (!decision.accepted) return refuse(tx, incoming, facts, now, decision);
  if (parsed.name === 'resolve' && (await claimedElsewhere(tx, parsed, facts))) {
    return refuse(tx, incoming, facts, now, { reason: 'post_claimed', reasons: [] });
  }
  if (parsed.name === 'resolve') await settleByPerson(tx, parsed, facts, now);
  if (parsed.name === 'reschedule')
    await keepVersion(tx, facts.schedule, { changed: ['time_changed'], actor, at: now });
  const changes = messageChanges(parsed, facts.schedule, actor, now);
  // Whoever cancels or takes over a running attempt ends it; it learns so before its call.
  const interrupted = facts.schedule.state === 'posting' ? await closeInterrupted(tx, facts.schedule, now) : [];
  const event = await move(tx, facts.schedule, {
    event: decision.event,
    at: now,
    actor,
    ...changes,
    changes: { ...changes.changes, ...(incoming.fromOutside ? { runToTell: true } : {}) },
  });
  await appendAudit(tx, [...interrupted, event]);
  return {
    accepted: true,
    message: name,
    reason: null,
    reasons: [],
    text: 'Accepted.',
    effect: decision.effect,
    until: changes.changes?.wakeAt?.toISOString() ?? null,
  };
}

/** Until when the post of the newest create, open or called absent, may still turn up. */
async function mayAppearUntil(tx: Tx, { openIntent, schedule }: ScheduleFacts, { horizonMs }: Ledger) {
  const newest = openIntent ?? (schedule.state === 'unconfirmed' ? await newestCreate(tx, keyOf(schedule)) : null);
  if (!newest) return {};
  return { mayAppearUntil: new Date(newest.sendDeadline.getTime() + horizonMs(schedule.platform)) };
}

interface Refusal {
  readonly reason: NonNullable<MessageVerdict['reason']>;
  readonly reasons: MessageVerdict['reasons'];
  readonly detail?: string;
  readonly until?: Date;
}

async function refuse(
  tx: Tx,
  { name, actor }: IncomingMessage,
  { schedule }: ScheduleFacts,
  at: Date,
  { reason, reasons, detail, until }: Refusal,
): Promise<MessageVerdict> {
  await appendAudit(tx, [
    {
      workspaceId: schedule.workspaceId,
      traceId: schedule.traceId,
      type: OTHER_AUDIT.messageRefused,
      scheduleId: schedule.id,
      actor,
      payload: { message: name, reason, reasons },
      at,
    },
  ]);
  const more = detail ?? (until && `Send it again after ${until.toISOString()}.`);
  const text = more ? `${refusalText(reason)} ${more}` : refusalText(reason);
  return { accepted: false, message: name, reason, reasons, text, effect: null, until: until?.toISOString() ?? null };
}

async function claimedElsewhere(tx: Tx, { body }: Extract<Message, { name: 'resolve' }>, { schedule }: ScheduleFacts) {
  if (body.verdict !== 'live') return false;
  const claimed = await tx
    .select({ id: posts.id })
    .from(posts)
    .where(and(eq(posts.accountId, schedule.accountId), eq(posts.platformPostId, body.platformPostId)));
  return claimed.length > 0;
}

async function newestCreate(tx: Tx, key: ScheduleKey): Promise<IntentRow | null> {
  const [newest] = await tx
    .select()
    .from(intents)
    .where(and(belongsTo(intents, key), MAY_HAVE_LEFT))
    .orderBy(desc(intents.attemptNumber))
    .limit(1);
  return newest ?? null;
}

/**
 * A person's answer settles the creates that may have left: live, the open one or the newest, which made the post they
 * found; not live, all of them, whatever they were called before, so that each is asked about before another leaves.
 */
async function settleByPerson(tx: Tx, message: Extract<Message, { name: 'resolve' }>, facts: ScheduleFacts, now: Date) {
  const { schedule, openIntent } = facts;
  const key = keyOf(schedule);
  if (message.body.verdict !== 'live') {
    const denied = { state: 'denied', closedAt: now } as const;
    await tx
      .update(intents)
      .set(denied)
      .where(and(belongsTo(intents, key), MAY_HAVE_LEFT, ne(intents.state, 'live')));
    return;
  }
  const made = openIntent ?? (await newestCreate(tx, key));
  if (made) await tx.update(intents).set({ state: 'live', closedAt: now }).where(eq(intents.id, made.id));
  await tx.insert(posts).values({
    id: newId(),
    ...keyOf(schedule),
    accountId: schedule.accountId,
    fingerprint: schedule.fingerprint,
    platformPostId: message.body.platformPostId,
    url: message.body.url ?? null,
    publishedAt: now,
    evidence: 'resolved_by_person',
  });
}
