// The whole record of one schedule, for whoever wants to know exactly what happened.
import { z } from 'zod';
import { type Actor, actorSchema, selfDeclared } from '../domain/people/actor.ts';
import type { ScheduleView } from '../domain/schedules/schedule-view.ts';
import { withoutSecrets } from '../domain/schedules/version-view.ts';
import { redact } from '../domain/text/redact.ts';
import { readFirstCreate } from '../ledger/intents/intents.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readDecisions, readMessages } from '../ledger/messages/read-messages.ts';
import { readRemoteObjects } from '../ledger/posts/remote-objects.ts';
import type { IntentRow } from '../ledger/schedules/facts.ts';
import { type ItemFacts, readItem } from '../ledger/schedules/items.ts';
import { readRecord } from '../ledger/schedules/schedule-record.ts';
import { assembleItem } from './item.ts';
import { offersOf } from './offers.ts';

/** The record of a schedule, or null when it is not this workspace's. */
export async function viewSchedule(
  ledger: Ledger,
  workspace: { readonly id: string; readonly name: string },
  id: string,
): Promise<ScheduleView | null> {
  const facts = await readItem(ledger, workspace.id, id);
  if (!facts) return null;
  const key = { workspaceId: workspace.id, scheduleId: id };
  const [record, messages, decisions, remote, firstCreate] = await Promise.all([
    readRecord(ledger, facts.schedule),
    readMessages(ledger, key),
    readDecisions(ledger, key),
    readRemoteObjects(ledger, key),
    readFirstCreate(ledger, key),
  ]);
  return {
    schedule: viewPost(facts, workspace.name),
    item: assembleItem(facts),
    attempts: record.attempts.map(({ startedAt, endedAt, ...attempt }) => ({
      ...attempt,
      startedAt: startedAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
    })),
    intents: record.intents.map(viewIntent),
    post: facts.post && { ...facts.post, publishedAt: facts.post.publishedAt.toISOString() },
    messages: messages.map((message) => viewMessage(message, record.events)),
    decisions: decisions.map(({ verdict, decidedAt, decidedBy, note, fingerprint }) => ({
      verdict,
      at: decidedAt.toISOString(),
      by: decidedBy,
      note,
      fingerprint,
    })),
    remote: [...remote].map(([saved, value]) => ({ key: saved, value: shownJson(value) })),
    offers: offersOf({ ...facts, mayHaveLeft: firstCreate !== null }, ledger.clock.now()),
    audit: record.events.map(({ position, type, at, actor, payload }) => ({
      position,
      type,
      at: at.toISOString(),
      actor: actorSchema.parse(actor),
      payload: payloadOf(payload),
    })),
  };
}

function viewIntent(intent: IntentRow): ScheduleView['intents'][number] {
  return {
    attempt: intent.attemptNumber,
    state: intent.state,
    sentAt: intent.sentAt.toISOString(),
    sendDeadline: intent.sendDeadline.toISOString(),
    markers: shownJson(intent.markers),
    sent: intent.sentCall,
    answer: intent.answer,
    duplicate: intent.duplicate,
    looks: {
      missed: intent.misses,
      lastMissAt: intent.lastMissAt?.toISOString() ?? null,
      unreadableSince: intent.unreadableSince?.toISOString() ?? null,
    },
    closedAt: intent.closedAt?.toISOString() ?? null,
  };
}

function viewPost({ schedule, account }: ItemFacts, workspace: string): ScheduleView['schedule'] {
  const { id, state, platform, content, delivery, fingerprint, creator } = schedule;
  return {
    id,
    workspace,
    state,
    platform,
    account: { id: schedule.accountId, name: account?.name ?? schedule.accountId },
    text: content.text,
    // An address may carry a password or a signature.
    media: content.media.map((item) => ({ ...item, url: redact(item.url, null) })),
    mode: delivery.mode,
    approvalRequired: delivery.approvalRequired,
    options: withoutSecrets(delivery.options),
    publishAt: schedule.publishAt.toISOString(),
    traceId: schedule.traceId,
    fingerprint,
    workflowId: schedule.workflowId,
    workflowStartedAt: schedule.workflowStartedAt?.toISOString() ?? null,
    creator,
    createdAt: schedule.createdAt.toISOString(),
    updatedAt: schedule.updatedAt.toISOString(),
  };
}

const saidSchema = z
  .object({
    requestedBy: z.string(),
    decidedBy: z.string(),
    completedBy: z.string(),
    note: z.string(),
    evidence: z.string(),
    reason: z.string(),
  })
  .partial()
  .catch({});

type Events = Awaited<ReturnType<typeof readRecord>>['events'];

function viewMessage(
  { name, body, verdict, receivedAt }: Awaited<ReturnType<typeof readMessages>>[number],
  events: Events,
) {
  const said = saidSchema.parse(body);
  const { accepted, reason, text } = verdict;
  return {
    name,
    at: receivedAt.toISOString(),
    by: senderOf(receivedAt, events) ?? selfDeclared(said.requestedBy ?? said.decidedBy ?? said.completedBy),
    note: said.note ?? said.evidence ?? said.reason ?? null,
    accepted,
    reason,
    text,
  };
}

/**
 * Who sent it: a message and its audit row are written as one, at one instant, and that row says how far its actor is proven. Of
 * several of one instant the least that is proven; null where there is none any more.
 */
function senderOf(receivedAt: Date, events: Events): Actor | null {
  const actors = events
    .filter(({ at }) => at.getTime() === receivedAt.getTime())
    .map(({ actor }) => actorSchema.parse(actor));
  return actors.find(({ type }) => type === 'SELF_DECLARED') ?? actors.at(-1) ?? null;
}

const SHOWN_CHARS = 2_000;

/** JSON as people may read it: an upload's address may carry a signature. */
function shownJson(value: unknown): string {
  return redact(JSON.stringify(value), null, SHOWN_CHARS);
}

function payloadOf(payload: unknown): Record<string, unknown> {
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
}
