// What rules want done for events: what is still to do, and how each ended.
import { and, asc, eq } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { EventActionState } from '../../domain/events/routing.ts';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { eventActions } from '../schema/rules.ts';
import type { EventRow } from './take-in.ts';

export type EventAction = typeof eventActions.$inferSelect;

/** In their order. */
export function pendingActions(
  { db }: Ledger,
  { workspaceId, id }: Pick<EventRow, 'workspaceId' | 'id'>,
): Promise<EventAction[]> {
  const pending = and(
    eq(eventActions.workspaceId, workspaceId),
    eq(eventActions.eventId, id),
    eq(eventActions.state, 'pending'),
  );
  return db.select().from(eventActions).where(pending).orderBy(asc(eventActions.number));
}

/** Every action of an event, in their order. */
export function actionsOf({ db }: Ledger, workspaceId: string, eventId: string): Promise<EventAction[]> {
  const own = and(eq(eventActions.workspaceId, workspaceId), eq(eventActions.eventId, eventId));
  return db.select().from(eventActions).where(own).orderBy(asc(eventActions.number));
}

export interface ActionEnd {
  readonly action: EventAction;
  readonly traceId: string;
  readonly state: Exclude<EventActionState, 'pending'>;
  /** An id, or why it could not be done. */
  readonly result: string;
  readonly actor: Actor;
}

/** The first end counts; what a rule tells people is told with it, once. */
export async function endAction(ledger: Ledger, { action, traceId, state, result, actor }: ActionEnd): Promise<void> {
  const { workspaceId, eventId, number, ruleId } = action;
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const ended = await tx
      .update(eventActions)
      .set({ state, result, endedAt: at })
      .where(
        and(
          eq(eventActions.workspaceId, workspaceId),
          eq(eventActions.eventId, eventId),
          eq(eventActions.number, number),
          eq(eventActions.state, 'pending'),
        ),
      )
      .returning({ number: eventActions.number });
    if (ended.length === 0) return;
    const about = {
      eventId,
      ruleId,
      number,
      does: action.action.do,
      outcome: state === 'done' ? 'success' : 'failure',
      result,
    };
    const acted = { workspaceId, traceId, type: OTHER_AUDIT.ruleActed, actor, payload: about, at };
    const told = {
      ...acted,
      type: OTHER_AUDIT.ruleNotified,
      actor: SYSTEM_ACTOR,
      payload: { eventId, ruleId, says: result },
    };
    await appendAudit(tx, action.action.do === 'notify' && state === 'done' ? [acted, told] : [acted]);
  });
}
