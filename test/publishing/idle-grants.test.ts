// Instagram does not renew a token that has ended: the sweep renews the grants of accounts that publish seldom, and tells
// what only a person can connect again before a publish has to meet it.
import { randomBytes, randomUUID } from 'node:crypto';
import { asc, eq, isNull, type SQL } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RenewalReport } from '../../src/domain/temporal/sweep-report.ts';
import { markConnectionDead } from '../../src/ledger/accounts/account-health.ts';
import { nextInQueue } from '../../src/ledger/accounts/account-queue.ts';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import type { PublishingContext } from '../../src/publishing/context.ts';
import { renewIdleGrants } from '../../src/publishing/grants/renew-idle.ts';
import type { NewFault } from '../../src/sandbox/control.ts';
import { armCrash, census } from '../harness/crash-file.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import type { StageAccount } from '../harness/stage-on.ts';
import { until } from '../harness/until.ts';
import { holdAccount } from '../workflow/shop.ts';
import { holderOf, pass, stopAt, taken } from './passes.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How often one renewal asks before it gives up: Instagram's may be repeated. */
const TRIES = 3;
const NEVER = new AbortController().signal;

let stage: Stage;
beforeAll(async () => {
  // A publish waits for the account until the renewal is over, however slow this machine.
  stage = await openStage({ 'timeouts.busy_account': '30s' });
});
// Each test has only its own accounts to renew.
afterEach(async () => {
  shiftClock(stage.folder, 0);
  await disconnect(isNull(connectedAccounts.deletedAt));
});
afterAll(() => stage.close());

/** An Instagram account that was connected fifty days ago, and whose token lives for so many days more. */
async function idleAccount(daysLeft = 10): Promise<StageAccount> {
  shiftClock(stage.folder, -50 * DAY);
  const account = await stage.connectSandboxAccount({
    platform: 'instagram',
    name: `idle-${randomUUID().slice(0, 8)}`,
    tokenAgeMs: 50 * DAY,
    accessExpiresInMs: daysLeft * DAY,
  });
  shiftClock(stage.folder, 0);
  return account;
}

/** What the sweep does about grants. */
function renewal(changes: Partial<PublishingContext> = {}, called: string[] = []): Promise<RenewalReport> {
  const callNext = async (accountId: string) => {
    called.push(accountId);
    await nextInQueue(stage.context.ledger, accountId);
  };
  return renewIdleGrants({ ...stage.context, ...changes }, { heartbeat: () => {}, callNext, withdrawn: NEVER });
}

async function rowOf({ id }: StageAccount) {
  const { db } = stage.context.ledger;
  const [row] = await db.select().from(connectedAccounts).where(eq(connectedAccounts.id, id));
  if (!row) throw new TypeError(`there is no account ${id}`);
  return row;
}

async function daysLeftOf(account: StageAccount): Promise<number> {
  const { grantExpiresAt } = await rowOf(account);
  return Math.round(((grantExpiresAt?.getTime() ?? 0) - Date.now()) / DAY);
}

async function renewalsOf({ card }: StageAccount): Promise<number> {
  return (await stage.sandbox.calls({ platform: 'instagram', account: card.id, call: 'refresh_token' })).length;
}

function fault({ card }: StageAccount, what: NewFault['fault'], times: number | null = 1) {
  return stage.sandbox.addFault({
    platform: 'instagram',
    account: card.id,
    call: 'refresh_token',
    fault: what,
    times,
  });
}

async function auditOf({ id }: StageAccount): Promise<string[]> {
  const { db } = stage.context.ledger;
  const rows = await db.select().from(auditEvents).orderBy(asc(auditEvents.position));
  return rows.filter(({ payload }) => JSON.stringify(payload).includes(id)).map(({ type }) => type);
}

async function disconnect(which: SQL): Promise<void> {
  await stage.context.ledger.db.update(connectedAccounts).set({ deletedAt: new Date() }).where(which);
}

describe('a grant that ends within thirty days', () => {
  it('is renewed though nothing is published, once', async () => {
    const account = await idleAccount(10);
    expect(await renewal()).toEqual({ grantsRenewed: 1, connectionsLost: 0 });
    expect(await daysLeftOf(account)).toBe(60);
    expect(await auditOf(account)).toEqual(['account.connected', 'account.grant_renewed']);
    expect(await firstAuditBreak(stage.context.ledger.db, stage.workspaceId)).toBeNull();
    expect(await holderOf(stage, account.id)).toBe('');
    shiftClock(stage.folder, HOUR);
    expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 0 });
    expect(await renewalsOf(account)).toBe(1);
  });

  it('is left alone when it lives longer, when the account is disconnected, or when its platform renews expired ones', async () => {
    const fresh = await idleAccount(31);
    const gone = await idleAccount(10);
    await disconnect(eq(connectedAccounts.id, gone.id));
    const x = await stage.connectSandboxAccount({ platform: 'x', name: 'idle-x', accessExpiresInMs: 0 });
    expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 0 });
    expect([await renewalsOf(fresh), await renewalsOf(gone)]).toEqual([0, 0]);
    expect(await stage.sandbox.calls({ platform: 'x', account: x.card.id })).toEqual([]);
  });

  it('is renewed when nobody knows when it ends, and then it is known', async () => {
    const account = await idleAccount(40);
    const { db } = stage.context.ledger;
    await db.update(connectedAccounts).set({ grantExpiresAt: null }).where(eq(connectedAccounts.id, account.id));
    expect(await renewal()).toEqual({ grantsRenewed: 1, connectionsLost: 0 });
    expect(await daysLeftOf(account)).toBe(60);
  });

  it('is asked for again an hour later when Instagram did not renew it, and the account stays connected', async () => {
    const account = await idleAccount();
    await fault(account, { kind: 'html_error', status: 500 }, TRIES);
    expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 0 });
    expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 0 });
    expect(await renewalsOf(account)).toBe(TRIES);
    expect(await rowOf(account)).toMatchObject({ status: 'connected', grantVersion: 1 });
    shiftClock(stage.folder, HOUR);
    expect(await renewal()).toEqual({ grantsRenewed: 1, connectionsLost: 0 });
  });

  it.each(['app_id', 'appsecret_proof', 'token_missing'])(
    'is asked for again when Instagram refuses our app (%s), and no account is disconnected for it',
    async (preset) => {
      const accounts = [await idleAccount(3), await idleAccount(4), await idleAccount(5)];
      for (const account of accounts) await fault(account, { kind: 'refuse_before', preset }, null);
      expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 0 });
      for (const account of accounts) {
        expect(await rowOf(account)).toMatchObject({ status: 'connected', grantVersion: 1 });
        expect(await auditOf(account)).toEqual(['account.connected']);
        await stage.sandbox.clearFaults(account.card.id);
      }
      shiftClock(stage.folder, HOUR);
      expect(await renewal()).toEqual({ grantsRenewed: 3, connectionsLost: 0 });
    },
  );

  it('is not waited for once per account while Instagram is not there', async () => {
    const accounts = [await idleAccount(3), await idleAccount(4)];
    for (const account of accounts) await fault(account, { kind: 'hang_before' }, null);
    await renewal();
    expect(await Promise.all(accounts.map(renewalsOf))).toEqual([TRIES, 0]);
  });
});

it('a grant that is younger than a day is not asked for, though nobody knows when it ends', async () => {
  const account = await stage.connectSandboxAccount({ platform: 'instagram', name: 'young', accessExpiresInMs: DAY });
  await renewal();
  expect(await renewalsOf(account)).toBe(0);
});

it('grants that are refused again and again do not stand before the others', async () => {
  const refused = await idleAccount(1);
  await fault(refused, { kind: 'html_error', status: 500 }, null);
  const other = await idleAccount(9);
  await renewal();
  expect(await renewalsOf(other)).toBe(0);
  shiftClock(stage.folder, HOUR);
  expect(await renewal()).toEqual({ grantsRenewed: 1, connectionsLost: 0 });
  expect(await daysLeftOf(other)).toBe(60);
});

describe('a grant that Instagram calls dead', () => {
  it('needs a person before any publish has met that, and the next publish asks nobody', async () => {
    const account = await idleAccount();
    await stage.sandbox.changeTokens(account.card.id, { action: 'revoke', kind: 'all' });
    expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 1 });
    expect(await rowOf(account)).toMatchObject({ status: 'reconnect_required' });
    expect(await auditOf(account)).toEqual(['account.connected', 'account.reconnect_required']);
    const calls = async () => (await stage.sandbox.calls({ platform: 'instagram', account: account.card.id })).length;
    const before = await calls();
    const media = [await samplePicture()];
    const scheduleId = await taken(stage, account, { media });
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'failed', blockedReason: 'not-connected' });
    shiftClock(stage.folder, HOUR);
    expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 0 });
    expect(await calls()).toBe(before);
  });

  it('is no reason to disconnect an account that a person connected anew meanwhile', async () => {
    const account = await idleAccount();
    await stage.sandbox.changeTokens(account.card.id, { action: 'revoke', kind: 'all' });
    await fault(account, { kind: 'commit_then_slow', ms: 1_200 });
    const running = renewal();
    await until('the renewal is asked for', async () => (await renewalsOf(account)) === 1);
    await stage.reconnectSandboxAccount(account);
    expect(await running).toMatchObject({ connectionsLost: 0 });
    expect(await rowOf(account)).toMatchObject({ status: 'connected' });
  });

  it('is no reason either when the word of it comes even later', async () => {
    const account = await idleAccount();
    const asItWas = await rowOf(account);
    await stage.reconnectSandboxAccount(account);
    expect(await markConnectionDead(stage.context.ledger, asItWas, randomUUID())).toBe(false);
    expect(await rowOf(account)).toMatchObject({ status: 'connected' });
    expect(await auditOf(account)).toEqual(['account.connected', 'account.reconnected']);
  });
});

describe('an account', () => {
  it('that a publish holds is left to it', async () => {
    const account = await idleAccount();
    const release = await holdAccount(stage, account.id);
    expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 0 });
    expect(await renewalsOf(account)).toBe(0);
    await release();
    expect(await renewal()).toEqual({ grantsRenewed: 1, connectionsLost: 0 });
  });

  it('that is throttled is not asked for before its reset', async () => {
    const account = await idleAccount();
    const { db } = stage.context.ledger;
    const rateLimits = { token: new Date(Date.now() + HOUR).toISOString() };
    await db.update(connectedAccounts).set({ rateLimits }).where(eq(connectedAccounts.id, account.id));
    await renewal();
    expect(await renewalsOf(account)).toBe(0);
    shiftClock(stage.folder, 2 * HOUR);
    expect(await renewal()).toEqual({ grantsRenewed: 1, connectionsLost: 0 });
  });

  it('is held while its grant is renewed, and a publish that comes meanwhile waits and uses the new one', async () => {
    const account = await idleAccount();
    const stop = stopAt('grant_renewed_unsaved');
    const called: string[] = [];
    const running = renewal({ points: stop.points }, called);
    await stop.reached;
    expect(await renewal()).toEqual({ grantsRenewed: 0, connectionsLost: 0 });
    const scheduleId = await taken(stage, account, { media: [await samplePicture()] });
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'queued', waitsForAccount: true });
    stop.release();
    expect(await running).toEqual({ grantsRenewed: 1, connectionsLost: 0 });
    expect(called).toEqual([account.id]);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await renewalsOf(account)).toBe(1);
  });

  it('whose stored grant cannot be read keeps no other waiting', async () => {
    const broken = await idleAccount(2);
    const { db } = stage.context.ledger;
    const sealedGrant = randomBytes(80);
    await db.update(connectedAccounts).set({ sealedGrant }).where(eq(connectedAccounts.id, broken.id));
    await idleAccount(3);
    expect(await renewal()).toEqual({ grantsRenewed: 1, connectionsLost: 0 });
  });
});

it('a worker that dies with a grant in its hands, not yet saved, loses nothing: the next sweep renews it again', async () => {
  const account = await idleAccount();
  const sweep = () =>
    stage.temporal.workflow.start('sweep', { workflowId: `sweep-${randomUUID()}`, taskQueue: stage.taskQueue });
  armCrash(stage.folder, { point: 'grant_renewed_unsaved', scheduleId: account.id });
  const first = await stage.startWorker();
  await sweep();
  await first.exited;
  expect(census(stage.folder, account.id)).toEqual(['grant_renewed_unsaved']);
  shiftClock(stage.folder, HOUR);
  await stage.startWorker();
  await until('the lease of the dead has run out', async () => {
    await (await sweep()).result();
    return (await renewalsOf(account)) === 2;
  });
  expect(await daysLeftOf(account)).toBe(60);
  expect(await auditOf(account)).toEqual(['account.connected', 'account.grant_renewed']);
});

async function samplePicture() {
  const url = `${stage.sandboxUrl}/media/sample.jpg`;
  const sizeBytes = (await (await fetch(url)).arrayBuffer()).byteLength;
  return { url, mediaType: 'image/jpeg', sizeBytes };
}
