// The whole record of one schedule, for whoever wants to know exactly what happened.
import { actorSchema } from '../domain/people/actor.ts';
import type { ScheduleView } from '../domain/schedules/schedule-view.ts';
import { withoutSecrets } from '../domain/schedules/version-view.ts';
import { redact } from '../domain/text/redact.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ItemFacts, readItem } from '../ledger/schedules/items.ts';
import { readRecord } from '../ledger/schedules/schedule-record.ts';
import { assembleItem } from './item.ts';

/** The record of a schedule, or null when it is not this workspace's. */
export async function viewSchedule(
  ledger: Ledger,
  workspace: { readonly id: string; readonly name: string },
  id: string,
): Promise<ScheduleView | null> {
  const facts = await readItem(ledger, workspace.id, id);
  if (!facts) return null;
  const record = await readRecord(ledger, facts.schedule);
  return {
    schedule: viewPost(facts, workspace.name),
    item: assembleItem(facts),
    attempts: record.attempts.map(({ startedAt, endedAt, ...attempt }) => ({
      ...attempt,
      startedAt: startedAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
    })),
    intents: record.intents.map((intent) => ({
      attempt: intent.attemptNumber,
      state: intent.state,
      sentAt: intent.sentAt.toISOString(),
      sendDeadline: intent.sendDeadline.toISOString(),
      closedAt: intent.closedAt?.toISOString() ?? null,
    })),
    post: facts.post && { ...facts.post, publishedAt: facts.post.publishedAt.toISOString() },
    audit: record.events.map(({ position, type, at, actor, payload }) => ({
      position,
      type,
      at: at.toISOString(),
      actor: actorSchema.parse(actor),
      payload: payloadOf(payload),
    })),
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
    fingerprint,
    workflowId: schedule.workflowId,
    workflowStartedAt: schedule.workflowStartedAt?.toISOString() ?? null,
    creator,
    createdAt: schedule.createdAt.toISOString(),
    updatedAt: schedule.updatedAt.toISOString(),
  };
}

function payloadOf(payload: unknown): Record<string, unknown> {
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
}
