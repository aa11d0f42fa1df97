// What the workflow tests share: an account with its judge, and looks at a run as an operator has them.

import { randomUUID } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import type { MessageVerdict } from '../../src/domain/messages/messages.ts';
import type { ScheduleState } from '../../src/domain/schedules/states.ts';
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import { releaseLease } from '../../src/ledger/accounts/leases.ts';
import { leases } from '../../src/ledger/schema/accounts.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import { attempts, intents, messages, posts, schedules } from '../../src/ledger/schema/schedules.ts';
import type { AccountCard, NewFault } from '../../src/sandbox/control.ts';
import { update } from '../../workflows/messages.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';

/** A fault as the sandbox takes it. */
export type Fault = NewFault['fault'];

export interface Shop {
  readonly name: string;
  /** The account's id in the ledger. */
  readonly id: string;
  /** Posts that are live, as the platform itself knows. */
  live(): Promise<{ id: string; text: string }[]>;
  /** How many times the create was called, whatever became of it. */
  creates(): Promise<number>;
  fault(fault: Fault, options?: { call?: string; times?: number | null; skip?: number }): Promise<void>;
  settings(settings: Record<string, unknown>): Promise<void>;
  /** The platform ends the connection, as when its owner removes the app. */
  revoke(): Promise<void>;
  /** A person connects the account anew. */
  reconnect(): Promise<void>;
}

/** Connects an X account of its own to the stage, so that tests beside each other are judged apart. */
export async function openShop(stage: Stage): Promise<Shop> {
  const name = `shop-${randomUUID().slice(0, 8)}`;
  const { id, card } = await stage.connectSandboxAccount({ platform: 'x', name, settings: { quota: 'unlimited' } });
  const judge = { platform: 'x', account: card.id };
  return {
    name,
    id,
    live: () => stage.sandbox.live(judge),
    creates: async () => (await stage.sandbox.calls({ ...judge, call: 'create_post' })).length,
    async fault(fault, { call = 'create_post', times = 1, skip = 0 } = {}) {
      await stage.sandbox.addFault({ ...judge, call, fault, times, skip });
    },
    settings: (settings) => stage.sandbox.settings(card.id, settings),
    revoke: () => stage.sandbox.changeTokens(card.id, { action: 'revoke', kind: 'all' }),
    reconnect: async () => reconnectAccount(stage, await stage.sandbox.reconnect(card.id)),
  };
}

async function reconnectAccount({ context, workspaceId, sandboxUrl }: Stage, card: AccountCard): Promise<void> {
  await connectAccount(context.ledger, {
    workspaceId,
    platform: card.platform,
    name: card.name,
    remoteId: card.userId,
    apiBase: `${sandboxUrl}/x`,
    scopes: card.scopes,
    grant: { accessToken: card.accessToken, refreshToken: card.refreshToken ?? '', clientId: card.clientId },
    grantExpiresAt: new Date(card.accessExpiresAtMs),
    actor: OLGA,
  });
}

/** The operator of these tests. */
export const OLGA = { type: 'USER', id: 'operator-1', label: 'Olga Operator' } as const;

/** A refusal of X's that names no cause of its own: `publish_failed`, which a replay may cure. */
export const REFUSAL = { kind: 'refuse_before', preset: 'invalid_url' } as const;

/** A publish that X refused once; the next attempt goes through. */
export async function failedPublish(stage: Stage, post: Readonly<Record<string, unknown>> = {}) {
  const shop = await openShop(stage);
  await shop.fault(REFUSAL);
  const handle = await stage.startPublish({ account: shop.name, text: someText(), ...post });
  await untilState(stage, handle.scheduleId, 'failed');
  return { shop, handle, scheduleId: handle.scheduleId };
}

/** A publish of which nobody can tell whether it is live: its answer was lost, and X refuses to be asked. */
export async function unconfirmedPublish(stage: Stage, lost: Fault) {
  const shop = await openShop(stage);
  await shop.fault(lost);
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { call: 'timeline', times: null });
  const handle = await stage.startPublish({ account: shop.name, text: someText() });
  await untilState(stage, handle.scheduleId, 'unconfirmed');
  return { shop, handle, scheduleId: handle.scheduleId };
}

/** How long a post may stay hidden, by the tests' settings. */
export const HORIZON_MS = 500;

/** Waits until the post of an open intent can no longer appear, so that a person may deny it. */
export function untilDeniable(stage: Stage, scheduleId: string): Promise<true> {
  return until('the post can no longer appear', async () => {
    const intents = await intentsOf(stage, scheduleId);
    return intents.every(({ sendDeadline }) => sendDeadline.getTime() + HORIZON_MS < Date.now());
  });
}

/** A text that no other test uses. */
export const someText = () => `Post ${randomUUID()}`;

/** Waits until the ledger says so. */
export function untilState(stage: Stage, scheduleId: string, state: ScheduleState, limitMs?: number): Promise<true> {
  return until(
    `${scheduleId} is ${state}`,
    async () => (await scheduleOf(stage, scheduleId))?.state === state,
    limitMs,
  );
}

/** Waits until so many messages have their verdict. */
export function untilMessages(stage: Stage, scheduleId: string, count: number): Promise<true> {
  return until(`${count} messages are answered`, async () => (await messagesOf(stage, scheduleId)).length >= count);
}

export async function scheduleOf({ context }: Stage, scheduleId: string) {
  const [row] = await context.ledger.db.select().from(schedules).where(eq(schedules.id, scheduleId));
  return row;
}

export async function attemptsOf({ context }: Stage, scheduleId: string) {
  return context.ledger.db
    .select()
    .from(attempts)
    .where(eq(attempts.scheduleId, scheduleId))
    .orderBy(asc(attempts.number));
}

export async function intentsOf({ context }: Stage, scheduleId: string) {
  return context.ledger.db
    .select()
    .from(intents)
    .where(eq(intents.scheduleId, scheduleId))
    .orderBy(asc(intents.attemptNumber));
}

export async function postsOf({ context }: Stage, scheduleId: string) {
  return context.ledger.db.select().from(posts).where(eq(posts.scheduleId, scheduleId));
}

/** Every recorded message with its verdict, oldest first. */
export async function messagesOf({ context }: Stage, scheduleId: string) {
  return context.ledger.db
    .select({ name: messages.name, body: messages.body, verdict: messages.verdict })
    .from(messages)
    .where(eq(messages.scheduleId, scheduleId))
    .orderBy(asc(messages.receivedAt));
}

/** The types of a schedule's audit trail, oldest first. */
export async function auditOf(stage: Stage, scheduleId: string): Promise<string[]> {
  const { db } = stage.context.ledger;
  const trail = await db
    .select({ type: auditEvents.type })
    .from(auditEvents)
    .where(eq(auditEvents.scheduleId, scheduleId))
    .orderBy(asc(auditEvents.position));
  return trail.map(({ type }) => type);
}

/** The current details of a run, as the Temporal UI fetches them. */
export async function detailsOf(stage: Stage, scheduleId: string): Promise<string> {
  const handle = stage.temporal.workflow.getHandle(workflowIdOf(scheduleId));
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

/** Sends an update as any client does and answers its verdict. */
export function ask(stage: Stage, scheduleId: string, name: string, body?: unknown): Promise<MessageVerdict> {
  return stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).executeUpdate(update(name), { args: [body] });
}

/** Gives a publish a time that is near; asked again where this machine was so slow that it had passed meanwhile. */
export function rescheduleSoon(stage: Stage, scheduleId: string): Promise<true> {
  return until('it has another time', async () => {
    const publishAt = new Date(Date.now() + 500).toISOString();
    return (await ask(stage, scheduleId, 'reschedule', { publishAt })).accepted;
  });
}

/** The type of each event of a run without its prefix, oldest first. */
export async function eventsOf(stage: Stage, scheduleId: string, runId?: string): Promise<string[]> {
  const { events } = await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId), runId).fetchHistory();
  return (events ?? []).map(({ attributes }) => String(attributes).replace(/EventAttributes$/, ''));
}

/** Another publish holds the account until the answered function gives it back. */
export async function holdAccount({ context }: Stage, accountId: string): Promise<() => Promise<void>> {
  const { db } = context.ledger;
  const held = { accountId, holder: 'another-publish', fence: 1, expiresAt: new Date(Date.now() + 600_000) };
  await db.insert(leases).values(held);
  return () => releaseLease(db, accountId, held.fence);
}

/** One picture the sandbox serves, as a post names it. */
export async function samplePicture(stage: Stage) {
  const url = `${stage.sandboxUrl}/media/sample.png`;
  const sizeBytes = (await (await fetch(url)).arrayBuffer()).byteLength;
  return { url, mediaType: 'image/png', sizeBytes };
}
