// The next action of DESIGN section 4 over every combination of target repair, handoff, cause, repair and gate.
import { describe, expect, it, test } from 'vitest';
import { NEXT_ACTIONS, nextAction } from '../../src/domain/causes/next-action.ts';
import { BLOCKED_REASONS, type GateResult } from '../../src/domain/gate/gate.ts';

/** The actions by the letter the table names them by. */
const ACTIONS = { C: 'reconnect_account', M: 'review_media', P: 'replay_publish', L: 'retry_later', '-': 'none' };

/**
 * Cause; the action for each gate result before a repair, then after one. Gate results from left to right: replayable,
 * then blocked by already-posted, still-running, canceled, handoff, target repair, review, not-connected, x-media.
 */
const TABLE = [
  [null, '---------', '---------'],
  ['permissions_missing', 'CCCCCCCCC', 'P------CC'],
  ['reconnect_required', 'CCCCCCCCC', 'P------CC'],
  ['auth_failed', 'CCCCCCCCC', 'P------CC'],
  ['auth_expired', 'CCCCCCCCC', 'P------CC'],
  ['media_invalid', 'MMMMMMMMM', 'P------CC'],
  ['rate_limited', 'LLLLLLLLL', 'LLLLLLLLL'],
  ['publish_failed', 'P------CC', 'P------CC'],
  ['child_create_failed', 'MMMMMMMMM', 'P------CC'],
  ['child_processing_timeout', 'P------CC', 'P------CC'],
  ['parent_create_failed', 'P------CC', 'P------CC'],
  ['unknown', 'P------CC', 'P------CC'],
  ['tiktok_private_account_required', '---------', '---------'],
  ['pinterest_forbidden', 'CCCCCCCCC', 'P------CC'],
  ['x_media_capability_missing', 'CCCCCCCCC', 'P------CC'],
  ['x_media_upload_scope_missing', 'CCCCCCCCC', 'P------CC'],
] as const;

const GATES: readonly GateResult[] = [
  { verdict: 'replayable' },
  ...BLOCKED_REASONS.map((reason) => ({ verdict: 'blocked', reason, reasons: [reason] }) as const),
];

test('the actions are these, each of its kind', () => {
  expect(NEXT_ACTIONS).toEqual({
    review_connections: 'link',
    open_handoff: 'link',
    reconnect_account: 'link',
    review_media: 'link',
    replay_publish: 'mutation',
    retry_later: 'none',
    none: 'none',
  });
});

describe.each(TABLE)('with the cause %s', (causeCode, before, after) => {
  const facts = { causeCode, targetRepair: false, handoff: false };

  it('follows the table, gate by gate, before a repair and after it', () => {
    GATES.forEach((gate, column) => {
      const wanted = (row: string) => Reflect.get(ACTIONS, row[column] ?? '');
      expect(nextAction({ ...facts, repairedSinceFailure: false, gate }), `before, gate ${column}`).toBe(
        wanted(before),
      );
      expect(nextAction({ ...facts, repairedSinceFailure: true, gate }), `after, gate ${column}`).toBe(wanted(after));
    });
  });

  it('gives way to a handoff, and a handoff to a target repair, whatever else holds', () => {
    for (const gate of GATES) {
      for (const repairedSinceFailure of [false, true]) {
        const rest = { causeCode, repairedSinceFailure, gate };
        expect(nextAction({ ...rest, targetRepair: false, handoff: true })).toBe('open_handoff');
        expect(nextAction({ ...rest, targetRepair: true, handoff: false })).toBe('review_connections');
        expect(nextAction({ ...rest, targetRepair: true, handoff: true })).toBe('review_connections');
      }
    }
  });
});

test('of several blocking reasons the first decides', () => {
  const gate: GateResult = {
    verdict: 'blocked',
    reason: 'review_not_approved',
    reasons: ['review_not_approved', 'not-connected'],
  };
  const facts = {
    targetRepair: false,
    handoff: false,
    causeCode: 'publish_failed',
    repairedSinceFailure: false,
  } as const;
  expect(nextAction({ ...facts, gate })).toBe('none');
});
