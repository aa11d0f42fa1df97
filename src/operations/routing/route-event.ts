// Brings an event to where it belongs: rules first. What it led to by rules that emit goes the same way. Whoever dies on the way leaves a
// decision that is on record, or an event that is still to be decided; the sweep goes on from there.
import type { Client } from '@temporalio/client';
import { matches } from '../../domain/rules/rule.ts';
import { actionsToDo } from '../../ledger/events/actions.ts';
import { decideEvent } from '../../ledger/events/decide.ts';
import type { EventRow } from '../../ledger/events/take-in.ts';
import { activeRules } from '../../ledger/rules/rules.ts';
import type { PublishingContext } from '../../publishing/context.ts';
import { documentOf } from '../events/view-event.ts';
import { act } from './act.ts';

export type RoutingContext = Pick<
  PublishingContext,
  'ledger' | 'platforms' | 'transport' | 'media' | 'store' | 'settings' | 'log'
> & { readonly client: Client };

export async function routeEvent(context: RoutingContext, first: EventRow): Promise<void> {
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
    for (const action of await actionsToDo(ledger, row)) await act(context, row, action);
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
