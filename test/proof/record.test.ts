// What a record says of a schedule, by the rules alone.
import { describe, expect, it } from 'vitest';
import { type Decision, recordedApproval } from '../../src/domain/proof/approval.ts';
import { publishOutcome } from '../../src/domain/proof/outcome.ts';
import { isInOrder, PROOF_FIELDS } from '../../src/domain/proof/record.ts';
import { STATE_NAMES } from '../../src/domain/schedules/states.ts';

describe('the fields', () => {
  it('are these 17, in this order', () => {
    expect(PROOF_FIELDS).toEqual([
      'scheduleId',
      'versionFingerprint',
      'targetAccount',
      'platform',
      'publishAtISO',
      'approverIdentity',
      'approverSource',
      'approvalTimestamp',
      'invalidationReason',
      'publishOutcome',
      'publishedAtISO',
      'platformPostId',
      'exceptionCause',
      'recoveryAction',
      'recoveryActor',
      'deliverySetId',
      'deliverySetMemberCount',
    ]);
  });
});

describe('the outcome', () => {
  it('of each state', () => {
    expect(Object.fromEntries(STATE_NAMES.map((state) => [state, publishOutcome(state, false)]))).toEqual({
      queued: 'queued',
      held: 'queued',
      retry_later: 'queued',
      posting: 'posting',
      outcome_unknown: 'posting',
      unconfirmed: 'posting',
      failed: 'publish_failed',
      blocked: 'publish_failed',
      repair_required: 'publish_failed',
      missed: 'publish_failed',
      published: 'published',
      handoff_pending: 'handoff_pending',
      handoff_completed: 'handoff_completed',
      canceled: 'canceled',
    });
  });
  it('is published once a post is live, whatever the state says', () => {
    for (const state of STATE_NAMES) expect(publishOutcome(state, true)).toBe('published');
  });
});

describe('the approval', () => {
  const decision = (changes: Partial<Decision> = {}): Decision => ({
    verdict: 'approved',
    fingerprint: 'present',
    decidedBy: { label: 'Ann' },
    decidedAt: new Date('2026-11-01T10:00:00Z'),
    external: false,
    ...changes,
  });
  const recorded = (approval: Decision | null, newest: Decision | null, linkExpired = false) =>
    recordedApproval({ fingerprint: 'present', approval, newest, linkExpired });
  const ANN = { approverIdentity: 'Ann', approvalTimestamp: '2026-11-01T10:00:00.000Z' };

  it('holds for the version it was given for', () => {
    const ann = decision();
    expect(recorded(ann, ann)).toEqual({ ...ANN, approverSource: 'internal', invalidationReason: null });
  });
  it('through a review link is by the own word of whoever gave it', () => {
    const guest = decision({ external: true });
    expect(recorded(guest, guest).approverSource).toBe('external_self_declared');
  });
  it('of another version is superseded', () => {
    expect(recorded(decision({ fingerprint: 'before' }), null)).toEqual({
      ...ANN,
      approverSource: 'internal',
      invalidationReason: 'superseded',
    });
  });
  it('that was taken back is superseded', () => {
    expect(recorded(decision(), decision({ verdict: 'rejected' })).invalidationReason).toBe('superseded');
  });
  it('that was asked for and never given in time is expired', () => {
    expect(recorded(null, null, true)).toEqual({
      approverIdentity: null,
      approverSource: null,
      approvalTimestamp: null,
      invalidationReason: 'expired',
    });
  });
  it('that nobody asked for is no matter', () => {
    expect(recorded(null, null).invalidationReason).toBeNull();
  });
});

describe('the order', () => {
  const at = (publishAtISO: string, scheduleId: string) => ({ publishAtISO, scheduleId });
  it('is by publish time, then by id as its characters are numbered', () => {
    expect(isInOrder(at('2026-11-01T00:00:00.000Z', 'b'), at('2026-11-02T00:00:00.000Z', 'a'))).toBe(true);
    expect(isInOrder(at('2026-11-01T00:00:00.000Z', 'B'), at('2026-11-01T00:00:00.000Z', 'a'))).toBe(true);
    expect(isInOrder(at('2026-11-01T00:00:00.000Z', 'a'), at('2026-11-01T00:00:00.000Z', 'a'))).toBe(false);
  });
});
