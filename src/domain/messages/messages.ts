// The messages a publish understands (DESIGN section 3), their schemas, and the pure rule that answers each of them.
// The Temporal UI sends at most one JSON value, so each message takes one optional object.
import { z } from 'zod';
import type { CauseCode } from '../causes/causes.ts';
import { BLOCKED_TEXT, type BlockedReason, type GateResult } from '../gate/gate.ts';
import { instantText } from '../schedules/instant.ts';
import { FURTHEST_AHEAD_MS, plainText } from '../schedules/post.ts';
import { SCHEDULE_STATES, type ScheduleEvent, type ScheduleState, transition } from '../schedules/states.ts';
import { isPlainText, NOT_PLAIN } from '../text/plain-text.ts';

const name = plainText.trim().min(1).max(200);
const note = plainText.max(2_000);
const evidence = plainText.trim().min(1).max(2_000);
const url = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .refine(isPlainText, NOT_PLAIN);

const postId = name.refine((id) => !/^https?:/i.test(id), 'must be the id of the post; its address goes into url');

/** What each message may carry. An empty message is an empty object. */
export const MESSAGE_SCHEMAS = {
  replay: z.strictObject({
    requestedBy: name.optional(),
    note: note.optional(),
    expectedAttempt: z.int().min(0).optional(),
  }),
  requestReplay: z.strictObject({
    requestedBy: name.optional(),
    note: note.optional(),
    expectedAttempt: z.int().min(0).optional(),
  }),
  resolve: z.discriminatedUnion('verdict', [
    z.strictObject({
      verdict: z.literal('live'),
      platformPostId: postId,
      url: url.optional(),
      decidedBy: name,
      evidence,
    }),
    z.strictObject({ verdict: z.literal('not_live'), decidedBy: name, evidence }),
  ]),
  cancel: z.strictObject({ requestedBy: name.optional(), note: note.optional() }),
  reschedule: z.strictObject({ publishAt: instantText, requestedBy: name.optional() }),
  resume: z.strictObject({ requestedBy: name.optional(), note: note.optional() }),
  handoff: z.strictObject({
    requestedBy: name.optional(),
    owner: name.optional(),
    /** One of the vocabulary of handoffs; any other words are kept as a note. */
    reason: note.optional(),
    note: note.optional(),
  }),
  completeHandoff: z.strictObject({
    completedBy: name,
    url: url.optional(),
    note: note.optional(),
    publishedAt: instantText.optional(),
  }),
} as const;
export type MessageName = keyof typeof MESSAGE_SCHEMAS;

export type Message = {
  [Name in MessageName]: { name: Name; body: z.infer<(typeof MESSAGE_SCHEMAS)[Name]> };
}[MessageName];

/** Refusals beside the gate's, with the sentence an operator reads. */
export const MESSAGE_REFUSALS = {
  unknown_message: 'No message of that name exists.',
  malformed_message: 'The message does not have the shape it needs.',
  attempt_mismatch: 'Another attempt was made since you looked; look again, then decide.',
  call_may_have_left: 'The post may already be live, so this is refused; wait for the outcome or resolve it.',
  not_unconfirmed: 'Only a publish whose outcome is unknown can be resolved.',
  too_early_to_deny: 'The post may still appear, so "not live" cannot be decided yet.',
  not_in_handoff:
    'The publish does not wait for anybody to publish it by hand: it was not handed over, or what was recorded first stands.',
  published_in_future: 'The time at which it is said to have gone live lies in the future; say when it went live.',
  post_claimed:
    'That platform post already belongs to another schedule of this account; look again which post is of this one.',
  publish_at_in_past: 'The new time lies in the past; choose one that lies ahead.',
  publish_at_too_far: 'The new time lies more than 730 days ahead; choose a nearer one.',
  already_over: 'The publish has ended; nothing can be changed.',
  too_late: 'Its last moment has passed, so it goes out only at a new time; reschedule it.',
  throttled: 'The platform itself named the time to come back, and before that it would only refuse again.',
  not_waiting: 'It does not wait for a platform that could not be reached, so there is no wait to cut short.',
} as const;
export type MessageRefusal = keyof typeof MESSAGE_REFUSALS;

/** What the workflow does after an accepted message. */
export type MessageEffect = 'publish' | 'wait_for_person' | 'wait_until' | 'end';

export interface MessageVerdict {
  readonly accepted: boolean;
  readonly message: string;
  readonly reason: BlockedReason | MessageRefusal | null;
  /** All blocking reasons when the gate refused. */
  readonly reasons: readonly BlockedReason[];
  /** One sentence for the operator. */
  readonly text: string;
  readonly effect: MessageEffect | null;
  /** ISO instant: the time to wait for, or from when on a refused message may be sent again. */
  readonly until: string | null;
}

export interface MessageFacts {
  readonly state: ScheduleState;
  /** A create may have left and is not accounted for. */
  readonly intentOpen: boolean;
  /** Its send deadline and the platform's visibility horizon: until then nobody can know that the post is not there. */
  readonly mayAppearUntil?: Date;
  readonly attemptsMade: number;
  /** Of the failure that stands, if one does. */
  readonly causeCode: CauseCode | null;
  readonly gate: GateResult;
  readonly nowMs: number;
}

/** The answer to a message: refused with a reason, or the event to apply. */
export type MessageDecision =
  | {
      readonly accepted: false;
      readonly reason: BlockedReason | MessageRefusal;
      readonly reasons: readonly BlockedReason[];
      /** From when on the same message may be accepted, where that is known. */
      readonly until?: Date;
    }
  | { readonly accepted: true; readonly event: ScheduleEvent; readonly effect: MessageEffect };

/** Decides a well-formed message over the ledger's facts. */
export function decideMessage(message: Message, facts: MessageFacts): MessageDecision {
  switch (message.name) {
    case 'replay':
    case 'requestReplay':
      return decideReplay(message.body.expectedAttempt, facts);
    case 'resolve':
      return decideResolve(message.body.verdict, facts);
    case 'reschedule':
      return decideReschedule(Date.parse(message.body.publishAt) - facts.nowMs, facts);
    case 'cancel':
      return unlessLeft('canceled', 'end', facts);
    case 'resume':
      return decideResume(facts);
    case 'handoff':
      return unlessLeft('handed_off', 'wait_for_person', facts);
    case 'completeHandoff':
      return decideCompletion(message.body.publishedAt, facts);
  }
}

/** Of two who record it, the first stands. */
function decideCompletion(publishedAt: string | undefined, { state, nowMs }: MessageFacts): MessageDecision {
  if (state !== 'handoff_pending') return refused('not_in_handoff');
  if (publishedAt !== undefined && Date.parse(publishedAt) > nowMs) return refused('published_in_future');
  return accepted('handoff_completed', 'end');
}

function decideReplay(expectedAttempt: number | undefined, facts: MessageFacts): MessageDecision {
  if (expectedAttempt !== undefined && expectedAttempt !== facts.attemptsMade) return refused('attempt_mismatch');
  if (facts.gate.verdict === 'blocked') {
    return { accepted: false, reason: facts.gate.reason, reasons: facts.gate.reasons };
  }
  if (facts.state === 'missed') return refused('too_late');
  return accepted('replayed', 'publish');
}

function decideResume({ state, causeCode }: MessageFacts): MessageDecision {
  if (SCHEDULE_STATES[state].ended) return refused('already_over');
  if (state !== 'retry_later') return refused('not_waiting');
  return causeCode === 'rate_limited' ? refused('throttled') : accepted('hurried', 'publish');
}

function decideResolve(verdict: 'live' | 'not_live', facts: MessageFacts): MessageDecision {
  if (facts.state !== 'unconfirmed' && facts.state !== 'outcome_unknown') return refused('not_unconfirmed');
  if (verdict === 'live') return accepted('published', 'end');
  if (facts.state === 'outcome_unknown') return refused('too_early_to_deny');
  const until = facts.mayAppearUntil;
  if (until && until.getTime() > facts.nowMs) return refused('too_early_to_deny', until);
  return accepted('resolved_not_live', 'wait_for_person');
}

function decideReschedule(aheadMs: number, facts: MessageFacts): MessageDecision {
  if (aheadMs < 0) return refused('publish_at_in_past');
  if (aheadMs > FURTHEST_AHEAD_MS) return refused('publish_at_too_far');
  return unlessLeft('rescheduled', 'wait_until', facts);
}

function unlessLeft(event: ScheduleEvent, effect: MessageEffect, facts: MessageFacts): MessageDecision {
  if (facts.intentOpen) return refused('call_may_have_left');
  if (transition(facts.state, event) !== null) return accepted(event, effect);
  return SCHEDULE_STATES[facts.state].ended ? refused('already_over') : gateWord(facts.state);
}

function gateWord(state: ScheduleState): MessageDecision {
  if (state === 'unconfirmed') return refused('call_may_have_left');
  return refused(state === 'handoff_pending' ? 'handoff-not-replayable' : 'still-running');
}

function accepted(event: ScheduleEvent, effect: MessageEffect): MessageDecision {
  return { accepted: true, event, effect };
}

function refused(reason: BlockedReason | MessageRefusal, until?: Date): MessageDecision {
  return { accepted: false, reason, reasons: [], ...(until ? { until } : {}) };
}

/** The sentence of a refusal. */
export function refusalText(reason: BlockedReason | MessageRefusal): string {
  return isBlocked(reason) ? BLOCKED_TEXT[reason] : MESSAGE_REFUSALS[reason];
}

function isBlocked(reason: BlockedReason | MessageRefusal): reason is BlockedReason {
  return Object.hasOwn(BLOCKED_TEXT, reason);
}
