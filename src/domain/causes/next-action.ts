// What an operator does next (DESIGN section 4): one pure function, used by page, API and proof alike.

import type { BlockedReason, GateResult } from '../gate/gate.ts';
import { CAUSES, type CauseCode } from './causes.ts';

/** Every next action with its kind: a link opens an address, a mutation changes state, none needs no hand. */
export const NEXT_ACTIONS = {
  review_connections: 'link',
  open_handoff: 'link',
  reconnect_account: 'link',
  review_media: 'link',
  replay_publish: 'mutation',
  retry_later: 'none',
  none: 'none',
} as const;
export type NextAction = keyof typeof NEXT_ACTIONS;

export const isNextAction = (value: string): value is NextAction => Object.hasOwn(NEXT_ACTIONS, value);

/** Where a link action leads on this server; null for what is no link, and for a page of a post that is not stored. */
export function actionHref(
  action: NextAction,
  { scheduleId, accountId }: { readonly scheduleId: string | null; readonly accountId: string },
): string | null {
  const ofPost = (path: string, end = '') =>
    scheduleId === null ? null : `/${path}/${encodeURIComponent(scheduleId)}${end}`;
  switch (action) {
    case 'review_connections':
      return ofPost('schedules', '/edit#accountId');
    case 'reconnect_account':
      return `/connections/${accountId}`;
    case 'review_media':
      return ofPost('schedules', '/media');
    case 'open_handoff':
      return ofPost('handoff');
    default:
      return null;
  }
}

/** What a button or a link for it says. */
export const ACTION_LABELS: Record<NextAction, string> = {
  review_connections: 'Choose the account',
  open_handoff: 'Open the handoff',
  reconnect_account: 'Reconnect the account',
  review_media: 'Review the media',
  replay_publish: 'Replay',
  retry_later: 'Retries by itself',
  none: 'Nothing to do',
};

export interface NextActionFacts {
  /** The stored target no longer identifies one usable account. */
  readonly targetRepair: boolean;
  /** The schedule is meant for a person's hands. */
  readonly handoff: boolean;
  /** Null while nothing has failed. */
  readonly causeCode: CauseCode | null;
  /** The grant was reconnected, or the media replaced and approved again, after the failure. */
  readonly repairedSinceFailure: boolean;
  readonly gate: GateResult;
}

const BLOCKED_ACTION: Partial<Record<BlockedReason, NextAction>> = {
  'not-connected': 'reconnect_account',
  'x-media-capability-missing': 'reconnect_account',
};

/** The next action by the precedence of DESIGN section 4: target repair, handoff, then the cause. */
export function nextAction(facts: NextActionFacts): NextAction {
  if (facts.targetRepair) return 'review_connections';
  if (facts.handoff) return 'open_handoff';
  if (facts.causeCode === null) return 'none';
  const byCause = afterRepair(CAUSES[facts.causeCode].action, facts.repairedSinceFailure);
  if (byCause !== 'replay_publish' || facts.gate.verdict === 'replayable') return byCause;
  return BLOCKED_ACTION[facts.gate.reason] ?? 'none';
}

function afterRepair(action: NextAction, repaired: boolean): NextAction {
  return repaired && NEXT_ACTIONS[action] === 'link' ? 'replay_publish' : action;
}
