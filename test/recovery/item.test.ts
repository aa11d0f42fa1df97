// The item, over every cause, every state, every blocking reason and every owner. The expected tables are written out from
// DESIGN sections 4 to 6, not computed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAUSES, type CauseCode } from '../../src/domain/causes/causes.ts';
import { type Item, itemSchema } from '../../src/domain/schedules/item.ts';
import { SCHEDULE_STATES, type ScheduleState } from '../../src/domain/schedules/states.ts';
import { readItem } from '../../src/ledger/schedules/items.ts';
import { assembleItem } from '../../src/recovery/item.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type Actor, minutesAgo, PIPELINE, type Placed, place, placeAccount } from './place.ts';

const OLGA: Actor = { type: 'USER', id: 'user-1', label: 'Olga' };
const PETRA: Actor = { type: 'USER', id: 'user-2', label: 'Petra' };
const SYSTEM: Actor = { type: 'SYSTEM', id: 'oncepost', label: 'system' };

describe('an item', () => {
  let stage: Stage;
  let account: string;
  let reconnected: string;
  beforeAll(async () => {
    stage = await openStage();
    account = await placeAccount(stage, { name: 'steady' });
    reconnected = await placeAccount(stage, { name: 'reconnected', connectedAt: minutesAgo(30) });
  });
  afterAll(() => stage.close());

  async function itemOf(wanted: Omit<Placed, 'accountId'> & { accountId?: string }): Promise<Item> {
    const id = await place(stage, { accountId: account, ...wanted });
    const facts = await readItem(stage.context.ledger, stage.workspaceId, id);
    if (!facts) throw new TypeError(`${id} was not found`);
    return itemSchema.parse(assembleItem(facts));
  }

  describe('of a failed publish offers by its cause', () => {
    const repair = {
      reconnect: 'reconnect_account',
      media: 'review_media',
      replay: 'replay_publish',
      later: 'retry_later',
      none: 'none',
    } as const;
    /** Cause -> as it failed, after the account was reconnected, after the media was approved again. */
    const TABLE: Record<CauseCode, readonly [keyof typeof repair, keyof typeof repair, keyof typeof repair]> = {
      permissions_missing: ['reconnect', 'replay', 'reconnect'],
      reconnect_required: ['reconnect', 'replay', 'reconnect'],
      auth_failed: ['reconnect', 'replay', 'reconnect'],
      auth_expired: ['reconnect', 'replay', 'reconnect'],
      media_invalid: ['media', 'media', 'replay'],
      rate_limited: ['later', 'later', 'later'],
      publish_failed: ['replay', 'replay', 'replay'],
      child_create_failed: ['media', 'media', 'replay'],
      child_processing_timeout: ['replay', 'replay', 'replay'],
      parent_create_failed: ['replay', 'replay', 'replay'],
      unknown: ['replay', 'replay', 'replay'],
      tiktok_private_account_required: ['none', 'none', 'none'],
      pinterest_forbidden: ['reconnect', 'replay', 'reconnect'],
      x_media_capability_missing: ['reconnect', 'replay', 'reconnect'],
      x_media_upload_scope_missing: ['reconnect', 'replay', 'reconnect'],
    };

    it('covers every cause', () => expect(Object.keys(TABLE).sort()).toEqual(Object.keys(CAUSES).sort()));

    for (const code of Object.keys(TABLE).filter((name): name is CauseCode => Object.hasOwn(CAUSES, name))) {
      it(`${code}: ${TABLE[code].join(', ')}`, async () => {
        const decision = { verdict: 'approved', minutesAgo: 30 } as const;
        const items = await Promise.all([
          itemOf({ state: 'failed', cause: code }),
          itemOf({ state: 'failed', cause: code, accountId: reconnected }),
          itemOf({ state: 'failed', cause: code, decision }),
        ]);
        expect(items.map((item) => item.nextAction.code)).toEqual(TABLE[code].map((name) => repair[name]));
        for (const item of items) {
          expect(item.replayOffered).toBe(item.nextAction.code === 'replay_publish');
          expect(item.nextAction.kind).toBe(
            item.nextAction.code === 'replay_publish' ? 'mutation' : item.nextAction.href ? 'link' : 'none',
          );
        }
      });
    }

    it('takes other media as a repair, and not before they are approved where they must be', async () => {
      const failed = { state: 'failed', cause: 'media_invalid' } as const;
      const decision = { verdict: 'approved', minutesAgo: 20 } as const;
      const items = await Promise.all([
        itemOf({ ...failed, mediaReplacedMinutesAgo: 30 }),
        itemOf({ ...failed, mediaReplacedMinutesAgo: 90 }),
        itemOf({ ...failed, mediaReplacedMinutesAgo: 30, approvalRequired: true }),
        itemOf({ ...failed, mediaReplacedMinutesAgo: 30, approvalRequired: true, decision }),
      ]);
      expect(items.map((item) => item.nextAction.code)).toEqual([
        'replay_publish',
        'review_media',
        'review_media',
        'replay_publish',
      ]);
    });

    it('does not take a repair that is older than the failure, or a rejection, or the approval of another version', async () => {
      const old = await itemOf({
        state: 'failed',
        cause: 'media_invalid',
        decision: { verdict: 'approved', minutesAgo: 90 },
      });
      const rejected = await itemOf({
        state: 'failed',
        cause: 'media_invalid',
        decision: { verdict: 'rejected', minutesAgo: 30 },
      });
      const stale = await itemOf({
        state: 'failed',
        cause: 'media_invalid',
        decision: { verdict: 'approved', minutesAgo: 30, stale: true },
      });
      const longAgo = await itemOf({
        state: 'failed',
        cause: 'auth_failed',
        accountId: reconnected,
        failedMinutesAgo: 10,
      });
      expect([old, rejected, stale, longAgo].map((item) => item.nextAction.code)).toEqual([
        'review_media',
        'review_media',
        'review_media',
        'reconnect_account',
      ]);
    });
  });

  describe('in each state says what happens next', () => {
    type Row = readonly [next: string, replayOffered: boolean, reason: string | null, causeShown: boolean];
    /** With the cause `publish_failed` of an earlier attempt: next action, replay offered, blocked reason, cause shown. */
    const TABLE: Record<ScheduleState, Row> = {
      queued: ['none', false, 'still-running', false],
      posting: ['none', false, 'still-running', false],
      retry_later: ['none', false, 'still-running', true],
      outcome_unknown: ['none', false, 'still-running', true],
      unconfirmed: ['replay_publish', true, null, true],
      failed: ['replay_publish', true, null, true],
      blocked: ['replay_publish', true, null, true],
      repair_required: ['replay_publish', true, null, true],
      handoff_pending: ['open_handoff', false, 'handoff-not-replayable', true],
      held: ['none', false, 'still-running', false],
      missed: ['none', false, null, true],
      published: ['none', false, 'already-posted', true],
      handoff_completed: ['none', false, 'handoff-not-replayable', true],
      canceled: ['none', false, 'canceled-not-replayable', true],
    };
    for (const state of Object.keys(TABLE).filter((name): name is ScheduleState =>
      Object.hasOwn(SCHEDULE_STATES, name),
    )) {
      it(state, async () => {
        const item = await itemOf({ state, cause: 'publish_failed' });
        const [next, offered, reason, shown] = TABLE[state];
        expect(item).toMatchObject({ nextAction: { code: next }, replayOffered: offered });
        expect(item.gate.verdict === 'blocked' ? item.gate.reason : null).toBe(reason);
        expect(item.cause !== null).toBe(shown);
        expect(item.stateMeans).not.toBe('');
      });
    }
  });

  describe('that is blocked', () => {
    it('names the first reason and all that hold, each with its sentence', async () => {
      const dead = await placeAccount(stage, {
        name: 'dead',
        status: 'reconnect_required',
        mediaCapabilityMissing: true,
      });
      const item = await itemOf({
        state: 'failed',
        cause: 'publish_failed',
        accountId: dead,
        withMedia: true,
        approvalRequired: true,
      });
      expect(item.gate).toMatchObject({
        verdict: 'blocked',
        reason: 'review_not_approved',
        reasons: [{ code: 'review_not_approved' }, { code: 'not-connected' }, { code: 'x-media-capability-missing' }],
      });
      expect(item.nextAction).toEqual({ code: 'none', kind: 'none' });
      expect(JSON.stringify(item.gate)).toContain('reconnect it, then replay');
    });

    it('by a dead connection or a missing media capability leads to the connection', async () => {
      const dead = await placeAccount(stage, { name: 'dead-2', status: 'disconnected' });
      const mute = await placeAccount(stage, { name: 'mute', mediaCapabilityMissing: true });
      const one = await itemOf({ state: 'failed', cause: 'publish_failed', accountId: dead });
      const two = await itemOf({ state: 'failed', cause: 'publish_failed', accountId: mute, withMedia: true });
      const text = await itemOf({ state: 'failed', cause: 'publish_failed', accountId: mute });
      expect(one.nextAction).toEqual({ code: 'reconnect_account', kind: 'link', href: `/connections/${dead}` });
      expect(two.nextAction).toEqual({ code: 'reconnect_account', kind: 'link', href: `/connections/${mute}` });
      expect(text.replayOffered).toBe(true);
    });

    it('by a broken target leads to another account for this very post, whatever else is wrong', async () => {
      const gone = await placeAccount(stage, { name: 'gone', deletedAt: minutesAgo(70), status: 'reconnect_required' });
      const item = await itemOf({ state: 'repair_required', cause: 'auth_failed', accountId: gone });
      const other = await itemOf({ state: 'failed', cause: 'publish_failed', platform: 'instagram' });
      expect(item.nextAction).toEqual({
        code: 'review_connections',
        kind: 'link',
        href: `/schedules/${item.id}/edit#accountId`,
      });
      expect(item.gate).toMatchObject({ reason: 'target_repair_required' });
      expect(item).toMatchObject({ targetProblem: 'account_deleted', cause: { domain: 'target_repair' } });
      expect(other).toMatchObject({ targetProblem: 'account_on_other_platform', cause: { domain: 'publish' } });
      expect(other.nextAction.code).toBe('review_connections');
    });

    it('by a missing approval is replayable once the present version is approved', async () => {
      const waiting = await itemOf({ state: 'blocked', approvalRequired: true });
      const approved = await itemOf({
        state: 'blocked',
        approvalRequired: true,
        decision: { verdict: 'approved', minutesAgo: 5 },
      });
      expect(waiting).toMatchObject({
        nextAction: { code: 'none' },
        gate: { reason: 'review_not_approved' },
        cause: null,
      });
      expect(approved).toMatchObject({ nextAction: { code: 'replay_publish' }, replayOffered: true });
    });
  });

  it('leads to the media of a schedule whose media is refused, and to the handoff of one that is handed off', async () => {
    const media = await itemOf({ state: 'failed', cause: 'media_invalid', id: 'with-media' });
    const handed = await itemOf({ state: 'handoff_pending', id: 'handed' });
    expect(media.nextAction.href).toBe('/schedules/with-media/media');
    expect(handed.nextAction.href).toBe('/handoff/handed');
  });

  it('waits by itself while the platform throttles the account', async () => {
    const item = await itemOf({ state: 'retry_later', cause: 'rate_limited' });
    expect(item).toMatchObject({ nextAction: { code: 'retry_later', kind: 'none' }, replayOffered: false });
    expect(item.wakeAt).not.toBeNull();
  });

  it('is replayable while its outcome is unconfirmed, because a replay looks before it sends', async () => {
    const item = await itemOf({ state: 'unconfirmed', cause: 'unknown', openIntent: true });
    expect(item).toMatchObject({ replayOffered: true, gate: { verdict: 'replayable' } });
  });

  it('belongs to the first owner that there is, and to nobody invented', async () => {
    const cases: readonly (readonly [Omit<Placed, 'accountId'>, Item['owner']])[] = [
      [
        { state: 'handoff_pending', handoffOwner: PETRA, recoveryOwner: OLGA },
        { role: 'handoff_owner', label: 'Petra', id: 'user-2', type: 'USER' },
      ],
      [
        { state: 'failed', recoveryOwner: OLGA, lastActor: PETRA },
        { role: 'recovery_owner', label: 'Olga', id: 'user-1', type: 'USER' },
      ],
      [
        { state: 'handoff_pending', recoveryOwner: OLGA },
        { role: 'recovery_owner', label: 'Olga', id: 'user-1', type: 'USER' },
      ],
      [
        { state: 'failed', lastActor: PETRA },
        { role: 'creator', label: 'nightly pipeline', id: 'key-1', type: 'API_KEY' },
      ],
      [
        { state: 'failed', creator: SYSTEM },
        { role: 'system', label: null, id: null, type: null },
      ],
      [
        { state: 'failed', creator: PIPELINE },
        { role: 'creator', label: 'nightly pipeline', id: 'key-1', type: 'API_KEY' },
      ],
    ];
    for (const [wanted, expected] of cases) expect((await itemOf(wanted)).owner).toEqual(expected);
  });

  it('shows what the platform said, and never the raw answer or a token', async () => {
    const item = await itemOf({ state: 'failed', cause: 'publish_failed' });
    expect(item.cause).toMatchObject({
      code: 'publish_failed',
      bucket: 'publish_failed',
      source: 'raw_error_signature',
      stage: 'create',
      externalText: 'what the platform said',
      httpStatus: 403,
    });
    expect(JSON.stringify(item)).not.toMatch(/raw answer|secret-token/);
  });

  it('cuts a long text between characters', async () => {
    const item = await itemOf({ state: 'failed', text: '🎉'.repeat(200) });
    expect(item.text).toBe(`${'🎉'.repeat(139)}…`);
    expect((await itemOf({ state: 'failed', text: '🎉'.repeat(140) })).text).toBe('🎉'.repeat(140));
  });
});
