// Why a person publishes a post by hand (recovery surface, R4): a closed vocabulary, and what whoever decided wrote beside it.
import { z } from 'zod';

interface ReasonDefinition {
  /** As short as a list of choices needs it. */
  readonly label: string;
  /** One sentence for whoever publishes it by hand. */
  readonly means: string;
}

export const HANDOFF_REASONS = {
  chosen_per_schedule: {
    label: 'Chosen for this post',
    means: 'The post was meant for a person from the beginning.',
  },
  operator_decision: { label: 'Decided by an operator', means: 'An operator decided that a person publishes it.' },
  platform_unavailable_to_us: {
    label: 'The platform is closed to us',
    means: 'Oncepost cannot publish this on the platform; a person can.',
  },
  repeated_failure: { label: 'It failed again and again', means: 'It failed too often to be tried once more.' },
  review_requested: { label: 'Somebody wants to look first', means: 'A person is to look at it while publishing it.' },
  account_unreachable: {
    label: 'The account cannot be reached',
    means: 'The connection to the account is dead and cannot be renewed in time.',
  },
  media_needs_a_person: {
    label: 'The media need a person',
    means: 'The platform does not take the media as they are; a person prepares them.',
  },
} as const satisfies Record<string, ReasonDefinition>;
export type HandoffReason = keyof typeof HANDOFF_REASONS;

const isReason = (text: string): text is HandoffReason => Object.hasOwn(HANDOFF_REASONS, text);

export const HANDOFF_REASON_NAMES: readonly HandoffReason[] = Object.keys(HANDOFF_REASONS).filter(isReason);
export const handoffReasonSchema = z.enum(HANDOFF_REASON_NAMES).meta({ id: 'HandoffReason' });

/** The reason, and the words that were written beside it. */
export interface GivenReason {
  readonly reason: HandoffReason;
  readonly note: string | null;
}

/** What earlier versions wrote by themselves in the place of a reason. */
const EARLIER_WORDS: ReadonlyMap<string, HandoffReason> = new Map([
  ['the schedule is meant for a person', 'chosen_per_schedule'],
  ['handed off by an operator', 'operator_decision'],
  ['', 'operator_decision'],
]);

/** Reads a reason as it stands in the ledger or in a message: a name of the vocabulary, or free words, which become the note. */
export function readHandoffReason({
  reason = '',
  note,
}: {
  reason?: string | undefined;
  note?: string | undefined;
}): GivenReason {
  if (isReason(reason)) return { reason, note: note ?? null };
  const earlier = EARLIER_WORDS.get(reason);
  if (earlier) return { reason: earlier, note: note ?? null };
  return { reason: 'operator_decision', note: note === undefined ? reason : `${reason}: ${note}` };
}
