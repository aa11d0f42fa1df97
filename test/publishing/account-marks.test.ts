// What an attempt learns of its account stands in the account and in the audit trail, unless a person has reconnected the
// account meanwhile (laws 8 and 11).
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openShop } from '../workflow/shop.ts';
import { pass, recordOf, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function statusOf(accountId: string): Promise<string | undefined> {
  const { db } = stage.context.ledger;
  const [account] = await db.select().from(connectedAccounts).where(eq(connectedAccounts.id, accountId));
  return account?.status;
}

it('a connection that is dead is marked, with an audit row of its own, and the next publish asks nobody', async () => {
  const shop = await openShop(stage);
  await shop.revoke();
  const scheduleId = await taken(stage, shop);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'failed', cause: { code: 'reconnect_required' } });
  expect(await statusOf(shop.id)).toBe('reconnect_required');
  const { audit } = await recordOf(stage, scheduleId);
  expect(audit.slice(-2)).toEqual(['publish.refused', 'account.reconnect_required']);
  const creates = await shop.creates();
  const next = await taken(stage, shop);
  expect(await pass(stage, next)).toMatchObject({ state: 'failed', blockedReason: 'not-connected' });
  expect(await shop.creates()).toBe(creates);
});

it('an account that was reconnected while its old grant was refused stays connected', async () => {
  const shop = await openShop(stage);
  await shop.revoke();
  await shop.fault({ kind: 'commit_then_slow', ms: 600 }, { call: 'token' });
  const scheduleId = await taken(stage, shop);
  const renewals = (await stage.sandbox.calls({ platform: 'x', call: 'token' })).length;
  const running = pass(stage, scheduleId);
  await until(
    'the renewal is asked for',
    async () => (await stage.sandbox.calls({ platform: 'x', call: 'token' })).length > renewals,
  );
  await shop.reconnect();
  await running;
  expect(await statusOf(shop.id)).toBe('connected');
});

it('a throttled publish whose account was disconnected meanwhile says so, not that it waits', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'rate_limited', form: 'epoch', resetInMs: 3_600_000 });
  const scheduleId = await taken(stage, shop);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'retry_later', cause: { code: 'rate_limited' } });
  const { db } = stage.context.ledger;
  const changes = { status: 'reconnect_required', rateLimits: {} } as const;
  await db.update(connectedAccounts).set(changes).where(eq(connectedAccounts.id, shop.id));
  expect(await pass(stage, scheduleId)).toMatchObject({
    state: 'failed',
    blockedReason: 'not-connected',
    cause: { code: 'reconnect_required' },
  });
});

it('a look that is throttled marks the account: nobody looks before its reset, and creates go on', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'commit_then_reset' });
  const scheduleId = await taken(stage, shop);
  await pass(stage, scheduleId);
  await shop.fault({ kind: 'rate_limited', form: 'epoch', resetInMs: 3_600_000 }, { call: 'timeline' });
  const throttled = await pass(stage, scheduleId);
  expect(throttled).toMatchObject({ state: 'outcome_unknown', cause: { code: 'unknown' } });
  const looks = async () => (await stage.sandbox.calls({ platform: 'x', call: 'timeline' })).length;
  const looked = await looks();
  const again = await pass(stage, scheduleId);
  expect(again).toMatchObject({ state: 'outcome_unknown', wakeAt: throttled.wakeAt });
  expect(again.cause?.text).toContain('the platform was not asked');
  const next = await taken(stage, shop);
  expect(await pass(stage, next)).toMatchObject({ state: 'published' });
  expect(await looks()).toBe(looked);
  await stage.context.ledger.db
    .update(connectedAccounts)
    .set({ rateLimits: {} })
    .where(eq(connectedAccounts.id, shop.id));
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect(await shop.creates()).toBe(2);
});
