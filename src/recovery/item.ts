// Assembles one item from the ledger's facts: what broke, who owns it, is it live, and may it be replayed. Pure.
import { CAUSES, type Cause } from '../domain/causes/causes.ts';
import { actionHref, NEXT_ACTIONS, type NextAction, nextAction } from '../domain/causes/next-action.ts';
import { approvalHolds } from '../domain/gate/fingerprint.ts';
import { BLOCKED_TEXT, type GateResult, gate } from '../domain/gate/gate.ts';
import { owner } from '../domain/people/owner.ts';
import type { Item } from '../domain/schedules/item.ts';
import { isRunning, SCHEDULE_STATES, type ScheduleState } from '../domain/schedules/states.ts';
import { brokenTarget, gateFacts } from '../ledger/schedules/facts.ts';
import type { ItemFacts } from '../ledger/schedules/items.ts';

const EXCERPT_CHARS = 140;

/** The item of a schedule. */
export function assembleItem(facts: ItemFacts): Item {
  const { schedule, account } = facts;
  const result = gate(gateFacts(facts, isRunning(schedule.state)));
  const action = actionOf(facts, result);
  const cause = standingCause(facts);
  return {
    id: schedule.id,
    state: schedule.state,
    stateMeans: SCHEDULE_STATES[schedule.state].means,
    platform: schedule.platform,
    account: { id: schedule.accountId, name: account?.name ?? schedule.accountId },
    text: excerpt(schedule.content.text),
    mediaCount: schedule.content.media.length,
    publishAt: schedule.publishAt.toISOString(),
    attempts: schedule.attemptsMade,
    cause: cause && shownCause(cause, schedule.state),
    targetProblem: brokenTarget(facts),
    failedAt: schedule.failedAt?.toISOString() ?? null,
    nextAction: { code: action, kind: NEXT_ACTIONS[action], ...hrefOf(action, facts) },
    owner: ownerOf(facts),
    gate: shownGate(result),
    replayOffered: action === 'replay_publish' && result.verdict === 'replayable',
    wakeAt: schedule.wakeAt?.toISOString() ?? null,
    url: facts.post?.url ?? null,
  };
}

/** The failure that still stands: one that was replayed or is being tried again belongs to its attempt. */
function standingCause({ schedule }: ItemFacts): Cause | null {
  const begins = schedule.state === 'queued' || schedule.state === 'posting' || schedule.state === 'held';
  return begins ? null : schedule.cause;
}

function actionOf(facts: ItemFacts, result: GateResult): NextAction {
  const { schedule } = facts;
  const state = SCHEDULE_STATES[schedule.state];
  // What was missed goes out only at a new time.
  if (state.ended || schedule.state === 'missed') return 'none';
  // A publish that waits for a person without a typed failure, because the gate stopped it, is `unknown`.
  const causeCode = standingCause(facts)?.code ?? (state.waitsForPerson ? 'unknown' : null);
  return nextAction({
    targetRepair: brokenTarget(facts) !== null,
    handoff: gateFacts(facts, false).handoff,
    causeCode,
    repairedSinceFailure: causeCode !== null && repairedSince(facts, CAUSES[causeCode].action),
    gate: result,
  });
}

/**
 * Each repair counts for its own kind of failure: a new grant for the account's; for the media's other media, and what was looked
 * at since and approved as it is. Other media that want an approval are no repair before they have it.
 */
function repairedSince(facts: ItemFacts, action: NextAction): boolean {
  const { schedule, account, approval, decidedAt, mediaReplaced } = facts;
  const { failedAt, delivery, fingerprint } = schedule;
  if (failedAt === null) return false;
  if (action === 'reconnect_account') return account !== null && account.connectedAt > failedAt;
  if (action !== 'review_media') return false;
  const approvedSince = approvalHolds(approval, fingerprint) && decidedAt !== null && decidedAt > failedAt;
  return approvedSince || (mediaReplaced && !delivery.approvalRequired);
}

function hrefOf(action: NextAction, { schedule }: ItemFacts): { href?: string } {
  const href = actionHref(action, { scheduleId: schedule.id, accountId: schedule.accountId });
  return href === null ? {} : { href };
}

function ownerOf(facts: ItemFacts): Item['owner'] {
  const { schedule } = facts;
  return owner({
    handoffItem: gateFacts(facts, false).handoff,
    handoffOwner: schedule.handoff?.owner ?? null,
    recoveryOwner: schedule.recoveryOwner,
    lastActor: schedule.lastActor,
    lastActorExists: facts.lastActorExists,
    creator: schedule.creator,
  });
}

function shownCause(cause: Cause, state: ScheduleState): NonNullable<Item['cause']> {
  const { rawText: _, platform: __, ...shown } = cause;
  const domain = state === 'repair_required' ? 'target_repair' : 'publish';
  return { domain, ...shown, means: CAUSES[cause.code].means };
}

function shownGate(result: GateResult): Item['gate'] {
  if (result.verdict === 'replayable') return result;
  return { ...result, reasons: result.reasons.map((code) => ({ code, text: BLOCKED_TEXT[code] })) };
}

/** The beginning of a post's text. Cut between characters, never inside one. */
export function excerpt(text: string): string {
  const characters = Array.from(text.slice(0, (EXCERPT_CHARS + 1) * 2));
  return characters.length > EXCERPT_CHARS
    ? `${characters.slice(0, EXCERPT_CHARS - 1).join('')}…`
    : characters.join('');
}
