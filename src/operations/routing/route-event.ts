// Brings an event to where it belongs: rules first. What it led to by rules that emit goes the same way. Whoever dies on the way leaves a
// decision that is on record, or an event that is still to be decided; the sweep goes on from there.
import { matches } from '../../domain/rules/rule.ts';
import { pendingActions } from '../../ledger/events/actions.ts';
import { decideEvent } from '../../ledger/events/decide.ts';
import type { EventRow } from '../../ledger/events/take-in.ts';
import { unroutedEvents } from '../../ledger/events/unrouted.ts';
import { activeRules } from '../../ledger/rules/rules.ts';
import { documentOf } from '../events/view-event.ts';
import { act } from './act.ts';
import type { RoutingContext } from './routing-context.ts';

async function routeEvent(context: RoutingContext, first: EventRow): Promise<void> {
  const { ledger, settings } = context;
  const waiting = [first];
  for (const row of waiting) {
    const event = documentOf(row);
    const at = ledger.clock.now();
    const about = (await activeRules(ledger, row.workspaceId)).filter(({ definition }) =>
      matches(definition, event, at),
    );
    const { rulePerMinute: mostPerMinute } = settings.operations;
    const decided = await decideEvent(ledger, { row, event, ruleIds: about.map(({ id }) => id), mostPerMinute });
    waiting.push(...(decided?.emitted ?? []));
    for (const action of await pendingActions(ledger, row)) await act(context, row, action);
  }
}

/** It is taken in: whatever fails here, the sweep makes up for it. */
export async function routeSoon(context: RoutingContext, row: EventRow): Promise<void> {
  try {
    await routeEvent(context, row);
  } catch (error) {
    context.log.warn({ why: String(error), eventId: row.id }, 'an event could not be routed; the sweep does it');
  }
}

const SWEPT_AT_ONCE = 200;

/** Takes up events that nobody brings on any more. A second sweep at the same time does no harm. */
export async function routeLeftEvents(context: RoutingContext): Promise<void> {
  const left = await unroutedEvents(context.ledger, context.settings.sweep.graceMs, SWEPT_AT_ONCE);
  for (const row of left) await routeSoon(context, row);
}
