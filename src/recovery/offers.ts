// What may be done about a schedule now: the rule that answers each message, asked before anybody sends one. Pure.
import { gate } from '../domain/gate/gate.ts';
import { decideMessage, type Message, type MessageName, refusalText } from '../domain/messages/messages.ts';
import { SUPERSESSION_TEXT } from '../domain/reviews/decision.ts';
import { decideEdit, EDIT_BARS } from '../domain/schedules/edit.ts';
import type { Offer } from '../domain/schedules/schedule-view.ts';
import { isRunning, SCHEDULE_STATES } from '../domain/schedules/states.ts';
import { gateFacts } from '../ledger/schedules/facts.ts';
import type { ItemFacts } from '../ledger/schedules/items.ts';

const SOON_MS = 3_600_000;

export interface OfferFacts extends ItemFacts {
  /** Any create that may have left, whatever it came to be called since. */
  readonly mayHaveLeft: boolean;
}

/** Everything that a person may do, with the reason where it would be refused. */
export function offersOf(facts: OfferFacts, now: Date): Offer[] {
  return [...messageOffers(facts, now), editOffer(facts), reviewOffer(facts)];
}

/** Why a replay would be refused now, in one sentence; null where it would run. */
export function replayBar(facts: ItemFacts, now: Date): string | null {
  return messageOffers(facts, now).find(({ message }) => message === 'replay')?.refused?.text ?? null;
}

function editOffer({ schedule: { state, fingerprint }, mayHaveLeft }: OfferFacts): Offer {
  const reason = decideEdit({ state, fingerprint, mayHaveLeft }, fingerprint);
  return { message: 'edit', refused: reason && { reason, text: EDIT_BARS[reason] } };
}

/** A version can be decided on, and shown by a link, until its publish is over. */
function reviewOffer({ schedule }: OfferFacts): Offer {
  const ended = { reason: 'schedule_ended', text: SUPERSESSION_TEXT.schedule_ended };
  return { message: 'review', refused: SCHEDULE_STATES[schedule.state].ended ? ended : null };
}

function messageOffers(facts: ItemFacts, now: Date): Offer[] {
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
