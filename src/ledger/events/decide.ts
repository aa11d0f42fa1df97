// Decides where an event goes: which rules fire for it, and what they want done; all of it on record, or none.
import { and, eq } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { dedupeText, MOST_DEPTH, type OpsEvent } from '../../domain/events/event.ts';
import type { Routing } from '../../domain/events/routing.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { filled } from '../../domain/rules/render.ts';
import type { RuleAction } from '../../domain/rules/rule.ts';
import { newId, sha256Hex } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { type Fired, fireRule } from '../rules/fire.ts';
import { events } from '../schema/events.ts';
import { eventActions } from '../schema/rules.ts';
import type { EventRow } from './take-in.ts';

export interface ToDecide {
  readonly row: EventRow;
  /** The event as rules see it. */
  readonly event: OpsEvent;
  /** The rules that are about it, in the order of their ids. */
  readonly ruleIds: readonly string[];
  readonly mostPerMinute: number;
}

export interface Decided {
  readonly routing: Routing;
  /** Events that rules emitted; nobody has decided about them yet. */
  readonly emitted: readonly EventRow[];
}

/** Null: it was decided before. */
export function decideEvent(ledger: Ledger, { row, event, ruleIds, mostPerMinute }: ToDecide): Promise<Decided | null> {
  const { workspaceId, id, traceId } = row;
  return ledger.db.transaction(async (tx) => {
    const own = and(eq(events.workspaceId, workspaceId), eq(events.id, id));
    const [stands] = await tx.select({ routing: events.routing }).from(events).where(own).for('update');
    if (stands?.routing !== 'pending') return null;
    const at = ledger.clock.now();
    const fired: Fired[] = [];
    for (const ruleId of ruleIds) {
      const one = await fireRule(tx, ruleId, { event, clock: ledger.clock, mostPerMinute });
      if (one) fired.push(one);
    }
    const wanted = fired.filter(({ verdict }) => verdict === 'fires');
    const emitted = await keepActions(tx, { row, event, at }, wanted);
    const routing = wanted.length > 0 ? 'routed' : fired.length > 0 ? 'kept' : 'unhandled';
    await tx.update(events).set({ routing, routedAt: at }).where(own);
    const rules = fired.map(({ rule, verdict }) => ({ ruleId: rule.id, name: rule.name, verdict }));
    const type = routing === 'unhandled' ? OTHER_AUDIT.routingUnhandled : OTHER_AUDIT.routingDecided;
    const payload = { outcome: 'success', eventId: id, by: 'rules', routing, rules };
    const decided = { workspaceId, traceId, type, actor: SYSTEM_ACTOR, payload, at };
    await appendAudit(tx, [decided, ...fired.flatMap((one) => one.events)]);
    return { routing, emitted };
  });
}

interface About {
  readonly row: EventRow;
  readonly event: OpsEvent;
  readonly at: Date;
}

/** What is wanted is kept with its texts filled in: a rule that changes later changes nothing of it. */
async function keepActions(tx: Tx, about: About, fired: readonly Fired[]): Promise<EventRow[]> {
  const { row, event, at } = about;
  const wanted = fired.flatMap(({ rule }) => rule.definition.actions.map((action) => ({ ruleId: rule.id, action })));
  const emitted: EventRow[] = [];
  for (const [number, { ruleId, action }] of wanted.entries()) {
    const done = filled(action, event);
    const kept = { workspaceId: row.workspaceId, eventId: row.id, number, ruleId, action: done, decidedAt: at };
    const made = done.do === 'emit' ? await emit(tx, about, { ruleId, number, action: done }) : null;
    if (made) emitted.push(made);
    await tx.insert(eventActions).values({ ...kept, ...outcomeOf(done, made, at) });
  }
  return emitted;
}

function outcomeOf(action: RuleAction, made: EventRow | null, at: Date) {
  if (action.do !== 'emit') return { state: 'pending' as const, result: null, endedAt: null };
  if (made) return { state: 'done' as const, result: made.id, endedAt: at };
  const result = `It would be more than ${MOST_DEPTH} events that lead to each other; rules may not feed themselves without end.`;
  return { state: 'failed' as const, result, endedAt: at };
}

interface Emission {
  readonly ruleId: string;
  readonly number: number;
  readonly action: Extract<RuleAction, { readonly do: 'emit' }>;
}

async function emit(tx: Tx, { row, at }: About, { ruleId, number, action }: Emission): Promise<EventRow | null> {
  if (row.depth >= MOST_DEPTH) return null;
  const source = { channel: 'rule', connector_id: ruleId, message_id: `${row.id}/${number}` } as const;
  const made: EventRow = {
    ...{ workspaceId: row.workspaceId, id: newId(), channel: source.channel, connectorId: ruleId },
    ...{ messageId: source.message_id, dedupeKey: sha256Hex(dedupeText(source)) },
    ...{ traceId: row.traceId, parentId: row.id, depth: row.depth + 1, occurredAt: at, ingestedAt: at },
    ...{ actor: null, content: action.content, routing: 'pending', routedAt: null },
  };
  await tx.insert(events).values(made);
  return made;
}
