// The rows of tool calls, in the transaction of whoever holds the row of their run: before a call is made, and when its end is known.
import { and, eq, inArray } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { Effect } from '../../domain/pipeline/contract.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { stepAfter, type ToolCallEvidence } from '../../domain/tool-calls/tool-call.ts';
import { raiseAlarm } from '../alarms/raise.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import { type CallResult, toolCalls } from '../schema/tool-calls.ts';

export type ToolCallRow = typeof toolCalls.$inferSelect;

/** A call that somebody wants to make. */
export interface CallWanted {
  readonly workspaceId: string;
  readonly key: string;
  readonly task: string;
  readonly step: string;
  readonly action: string;
  readonly requestHash: string;
  readonly traceId: string;
  readonly effect: Effect;
  /** The other side can be asked what is true. */
  readonly canLook: boolean;
  /** After this it may not leave any more. */
  readonly leaveBy: Date;
}

export type CallStanding =
  /** It is on record as attempted, and may leave. */
  | { readonly kind: 'call' }
  /** It took effect before: this is what it made. */
  | { readonly kind: 'earlier'; readonly result: readonly CallResult[] }
  /** It may have taken effect: the other side, or a person, must say. */
  | { readonly kind: 'look' | 'person'; readonly row: ToolCallRow }
  /** Another request stands under its key: it is not made. */
  | { readonly kind: 'mismatch' };

type Named = Pick<ToolCallRow, 'workspaceId' | 'key'>;
const isCall = ({ workspaceId, key }: Named) => and(eq(toolCalls.workspaceId, workspaceId), eq(toolCalls.key, key));

/** Decides whether the call may be made, and records that it is. */
export async function openCall(tx: Tx, wanted: CallWanted, at: Date): Promise<CallStanding> {
  const { effect, canLook, ...call } = wanted;
  const [row] = await tx.select().from(toolCalls).where(isCall(call)).for('update');
  if (!row) {
    await tx.insert(toolCalls).values({ ...call, state: 'attempted', tries: 1, attemptedAt: at });
    await appendAudit(tx, [event(call, OTHER_AUDIT.toolCallAttempted, at, { try: 1 })]);
    return { kind: 'call' };
  }
  const mismatch = row.requestHash !== call.requestHash;
  const step = stepAfter(row.state, effect, canLook);
  if (step === 'earlier') {
    await appendAudit(tx, await deduped(tx, row, mismatch, at));
    return { kind: 'earlier', result: row.result ?? [] };
  }
  if (mismatch) {
    await appendAudit(tx, await deduped(tx, row, mismatch, at));
    return { kind: 'mismatch' };
  }
  if (step !== 'call') return { kind: step, row };
  const tries = row.tries + 1;
  await tx
    .update(toolCalls)
    .set({
      state: 'attempted',
      tries,
      attemptedAt: at,
      leaveBy: call.leaveBy,
      settledAt: null,
      settledBy: null,
      cause: null,
      missedAt: null,
    })
    .where(isCall(call));
  await appendAudit(tx, [event(row, OTHER_AUDIT.toolCallAttempted, at, { try: tries })]);
  return { kind: 'call' };
}

/** Two different requests under one key are a fault in how keys are made: somebody looks (F-10). */
async function deduped(tx: Tx, row: ToolCallRow, mismatch: boolean, at: Date): Promise<AuditEvent[]> {
  const told = event(row, OTHER_AUDIT.toolCallDeduped, at, { mismatch });
  if (!mismatch) return [told];
  const { workspaceId, traceId, action, task, step } = row;
  const says = `Stage ${step} of run ${task} asked for it with two different requests under one key; only the first counts.`;
  return [told, ...(await raiseAlarm(tx, { workspaceId, kind: 'call_mismatch', subject: action, says, traceId, at }))];
}

/** How a call ended, as far as that is known. */
export type CallEnd = { readonly by: ToolCallEvidence; readonly actor?: Actor | undefined } & (
  | { readonly state: 'succeeded'; readonly result: readonly CallResult[] }
  | { readonly state: 'failed' | 'unknown'; readonly cause: StageCause | null }
);

/** Saves the end of a call that is open; answers what is to be audited last. An end that is known already stays. */
export async function settleCall(tx: Tx, named: Named, end: CallEnd, at: Date): Promise<AuditEvent[]> {
  const open = and(isCall(named), inArray(toolCalls.state, ['attempted', 'unknown']));
  const settled = end.state === 'unknown' ? {} : { settledAt: at, settledBy: end.by };
  const [row] = await tx
    .update(toolCalls)
    .set({
      state: end.state,
      cause: end.state === 'succeeded' ? null : end.cause,
      result: end.state === 'succeeded' ? end.result : null,
      ...settled,
    })
    .where(open)
    .returning();
  if (!row) return [];
  const payload = { by: end.by, ...(row.cause ? { cause: row.cause.code } : {}) };
  return [event(row, AUDIT_OF[end.state], at, payload, end.actor)];
}

const AUDIT_OF = {
  succeeded: OTHER_AUDIT.toolCallSucceeded,
  failed: OTHER_AUDIT.toolCallFailed,
  unknown: OTHER_AUDIT.toolCallUnknown,
} as const;

type Step = Pick<ToolCallRow, 'workspaceId' | 'task' | 'step'>;

/** The calls of a step whose outcome is open. */
export async function openCallsOf(tx: Tx, { workspaceId, task, step }: Step): Promise<ToolCallRow[]> {
  return tx
    .select()
    .from(toolCalls)
    .where(
      and(
        eq(toolCalls.workspaceId, workspaceId),
        eq(toolCalls.task, task),
        eq(toolCalls.step, step),
        inArray(toolCalls.state, ['attempted', 'unknown']),
      ),
    )
    .for('update');
}

/** Nobody is at the calls of this step any more: what was under way is unknown. Answers the audit events, and how many are open. */
export async function doubtCalls(tx: Tx, step: Step, at: Date): Promise<{ events: AuditEvent[]; open: number }> {
  const rows = await openCallsOf(tx, step);
  const events: AuditEvent[] = [];
  for (const row of rows.filter(({ state }) => state === 'attempted')) {
    const cause = stageCause('outcome_unknown', 'The worker that made the call is gone; it may have taken effect.');
    events.push(...(await settleCall(tx, row, { state: 'unknown', by: 'answer', cause }, at)));
  }
  return { events, open: rows.length };
}

/** Remembers a look that counted and found nothing. */
export async function rememberMiss(tx: Tx, named: Named, missedAt: Date | null): Promise<void> {
  await tx.update(toolCalls).set({ missedAt }).where(isCall(named));
}

/** The calls of one task, oldest first. */
export async function callsOfTask(
  db: Pick<Tx, 'select'>,
  { workspaceId, task }: Omit<Step, 'step'>,
): Promise<ToolCallRow[]> {
  return db
    .select()
    .from(toolCalls)
    .where(and(eq(toolCalls.workspaceId, workspaceId), eq(toolCalls.task, task)))
    .orderBy(toolCalls.attemptedAt);
}

function event(
  { workspaceId, traceId, key, task, step, action }: Omit<CallWanted, 'effect' | 'canLook' | 'leaveBy' | 'requestHash'>,
  type: AuditEvent['type'],
  at: Date,
  payload: Readonly<Record<string, unknown>>,
  actor: Actor = SYSTEM_ACTOR,
): AuditEvent {
  return { workspaceId, traceId, type, actor, at, payload: { runId: task, stage: step, action, key, ...payload } };
}
