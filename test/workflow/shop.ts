// What the workflow tests share: an account with its judge, and looks at a run as an operator has them.
import { randomUUID } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import type { MessageVerdict } from '../../src/domain/messages.ts';
import type { ScheduleState } from '../../src/domain/states.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import { attempts, intents, messages, posts, schedules } from '../../src/ledger/schema/schedules.ts';
import type { NewFault } from '../../src/sandbox/control.ts';
import { update } from '../../workflows/messages.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

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
    reconnect: async () => void (await stage.sandbox.reconnect(card.id)),
  };
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
  const handle = stage.temporal.workflow.getHandle(`publish/${scheduleId}`);
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

/** Sends an update as any client does and answers its verdict. */
export function ask(stage: Stage, scheduleId: string, name: string, body?: unknown): Promise<MessageVerdict> {
  return stage.temporal.workflow.getHandle(`publish/${scheduleId}`).executeUpdate(update(name), { args: [body] });
}

/** The type of each event of a run without its prefix, oldest first. */
export async function eventsOf(stage: Stage, scheduleId: string, runId?: string): Promise<string[]> {
  const { events } = await stage.temporal.workflow.getHandle(`publish/${scheduleId}`, runId).fetchHistory();
  return (events ?? []).map(({ attributes }) => String(attributes).replace(/EventAttributes$/, ''));
}
