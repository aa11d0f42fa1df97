// Does what a rule wants for an event, once: each thing that it makes has an id that follows from the event.
import type { Actor } from '../../domain/people/actor.ts';
import { runIdOf } from '../../domain/pipeline/run-id.ts';
import type { RuleAction } from '../../domain/rules/rule.ts';
import { type EventAction, endAction } from '../../ledger/events/actions.ts';
import type { EventRow } from '../../ledger/events/take-in.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { startRun, takeInRun } from '../../pipeline/runs/start-run.ts';
import { takeIn } from '../../publishing/intake/intake.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import { drive } from '../../publishing/workflows/drive.ts';
import type { RoutingContext } from './routing-context.ts';

export async function act(context: RoutingContext, event: EventRow, kept: EventAction): Promise<void> {
  const actor: Actor = { type: 'SYSTEM', id: `rule ${kept.ruleId}`, label: 'a rule' };
  const end = { action: kept, traceId: event.traceId, actor };
  try {
    const result = await done(context, { event, action: kept.action, number: kept.number, actor });
    await endAction(context.ledger, { ...end, state: 'done', result });
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    await endAction(context.ledger, { ...end, state: 'failed', result: error.message });
  }
}

interface Wanted {
  readonly event: EventRow;
  readonly action: RuleAction;
  readonly number: number;
  readonly actor: Actor;
}

/** What came of it. @throws IntakeRefused what would not be taken in; nothing is stored then */
async function done(context: RoutingContext, { event, action, number, actor }: Wanted): Promise<string> {
  const { workspaceId } = event;
  switch (action.do) {
    case 'start_run': {
      const { pipeline, slug, title, files } = action;
      const request = { id: runIdOf(slug, event.ingestedAt), pipeline, slug, title, files };
      const taken = await takeInRun(context, { workspaceId, actor }, request);
      await startRun(context, context.client, taken);
      return taken.runId;
    }
    case 'publish': {
      const { account, text, options } = action;
      const request = { id: `event-${event.id}-${number}`, account, text, options };
      const taken = await takeIn({ ...context, workspaceId, actor }, request);
      await drive(context, workspaceId, taken, await findSchedule(context.ledger, workspaceId, taken.scheduleId));
      return taken.scheduleId;
    }
    case 'notify':
      return action.says;
    case 'emit':
      throw new TypeError('an event is emitted with the decision');
  }
}
