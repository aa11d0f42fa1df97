// What may be done about a schedule now: the rule that answers each message, asked before anybody sends one. Pure.
import { gate } from '../domain/gate/gate.ts';
import { decideMessage, type Message, type MessageName, refusalText } from '../domain/messages/messages.ts';
import type { Offer } from '../domain/schedules/schedule-view.ts';
import { isRunning } from '../domain/schedules/states.ts';
import { gateFacts } from '../ledger/schedules/facts.ts';
import type { ItemFacts } from '../ledger/schedules/items.ts';

const SOON_MS = 3_600_000;

/** Each message that an operator sends, with the reason where it would be refused. */
export function offersOf(facts: ItemFacts, now: Date): Offer[] {
  return wordsOf(now).map((message) => {
    const decision = decideMessage(message, {
      state: facts.schedule.state,
      intentOpen: facts.openIntent !== null,
      attemptsMade: facts.schedule.attemptsMade,
      causeCode: facts.schedule.cause?.code ?? null,
      gate: gate(gateFacts(facts, isRunning(facts.schedule.state))),
      nowMs: now.getTime(),
    });
    const refused = decision.accepted ? null : { reason: decision.reason, text: refusalText(decision.reason) };
    return { message: OFFERED[message.name] ?? 'replay', refused };
  });
}

/** Bodies that no rule refuses for what stands in them. */
function wordsOf(now: Date): Message[] {
  const publishAt = new Date(now.getTime() + SOON_MS).toISOString();
  const decided = { platformPostId: 'any', decidedBy: 'anybody', evidence: 'any' };
  return [
    { name: 'requestReplay', body: {} },
    { name: 'resume', body: {} },
    { name: 'resolve', body: { verdict: 'live', ...decided } },
    { name: 'reschedule', body: { publishAt } },
    { name: 'handoff', body: {} },
    { name: 'cancel', body: {} },
  ];
}

const OFFERED: Partial<Record<MessageName, Offer['message']>> = {
  requestReplay: 'replay',
  resume: 'resume',
  resolve: 'resolve',
  reschedule: 'reschedule',
  handoff: 'handoff',
  cancel: 'cancel',
};
