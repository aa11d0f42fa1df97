// Connecting and reconnecting by a platform's own pages, on the wire of each; what the ledger holds afterwards is the judge.
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { eq, sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setApp } from '../../src/ledger/connections/apps.ts';
import { connectedAccounts, workspaces } from '../../src/ledger/schema/accounts.ts';
import { connectionFlows } from '../../src/ledger/schema/connections.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import type { StageAccount } from '../harness/stage-on.ts';
import { place } from '../recovery/place.ts';
import { noticeOf, type Person, signIn } from './person.ts';
import { apiBaseOf, decideAt, PLATFORMS, type Platform } from './platform-pages.ts';

const CLIENT_SECRET = 'the-secret-of-the-app-0123456789';
const ADMIN = { type: 'USER', id: 'admin-1', label: 'Ada Admin' } as const;
const ELEVEN_MINUTES_MS = 11 * 60_000;

let stage: Stage;
let api: TestApi;
let ada: Person;
let logged = '';

beforeAll(async () => {
  stage = await openStage();
  const lines = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  api = await openApi(stage, { context: { log: pino({ level: 'trace' }, lines) } });
  ada = await signIn(stage, api.url);
  for (const platform of PLATFORMS) {
    await stage.sandbox.registerApp({
      platform,
      clientId: `app-of-${platform}`,
      clientSecret: CLIENT_SECRET,
      redirectUris: [`${api.url}/connections/${platform}/callback`],
    });
    await setOurApp(platform, CLIENT_SECRET);
  }
});
afterAll(async () => {
  await api.close();
  await stage.close();
});
beforeEach(async () => {
  shiftClock(stage.folder, 0);
  await stage.sandbox.clearFaults();
});

function setOurApp(platform: Platform, clientSecret: string): Promise<void> {
  const app = { platform, clientId: `app-of-${platform}`, clientSecret, apiBase: apiBaseOf(stage, platform) };
  return setApp(stage.context.ledger, { workspaceId: stage.workspaceId, actor: ADMIN, ...app });
}

/** An account whose grant the platform has revoked, as the ledger knows it. */
async function revokedAccount(platform: Platform): Promise<StageAccount> {
  const account = await stage.connectSandboxAccount({ platform, name: `${platform}-${randomUUID().slice(0, 8)}` });
  await stage.sandbox.changeTokens(account.card.id, { action: 'revoke' });
  await stage.context.ledger.db
    .update(connectedAccounts)
    .set({ status: 'reconnect_required' })
    .where(eq(connectedAccounts.id, account.id));
  return account;
}

async function rowOf(id: string) {
  const [row] = await stage.context.ledger.db.select().from(connectedAccounts).where(eq(connectedAccounts.id, id));
  if (!row) throw new TypeError(`there is no account ${id}`);
  return row;
}

const grantOf = async (id: string) => stage.context.ledger.sealer.open(id, (await rowOf(id)).sealedGrant);

/** The page of the platform to which reconnecting leads. */
async function leave(person: Person, { id }: StageAccount): Promise<string> {
  const page = await person.post(`/connections/${id}/reconnect`);
  expect({ status: page.status, notice: noticeOf(page) }).toEqual({ status: 200, notice: '' });
  return page.leadsTo ?? '';
}

async function refusedBack(person: Person, back: string): Promise<string> {
  return noticeOf(await person.get(back));
}

describe.each([
  ['x', 'X'],
  ['instagram', 'Instagram'],
] as const)('an account of %s', (platform, label) => {
  it('is reconnected where its grant was revoked, and the new grant works', async () => {
    const account = await revokedAccount(platform);
    const page = await ada.get(await decideAt(await leave(ada, account), { account: account.card.id }));
    expect({ status: page.status, notice: noticeOf(page) }).toEqual({
      status: 200,
      notice: `"${account.name}" is connected again.`,
    });
    const row = await rowOf(account.id);
    expect(row).toMatchObject({ status: 'connected', remoteId: account.card.id, name: account.name, grantVersion: 2 });
    expect([...row.scopes].sort()).toEqual([...account.card.scopes].sort());
    const { accessToken } = await grantOf(account.id);
    expect(accessToken).not.toBe(account.card.accessToken);
    const me = platform === 'x' ? '/2/users/me' : '/me?fields=user_id';
    const asked = await fetch(`${apiBaseOf(stage, platform)}${me}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(asked.status).toBe(200);
  });

  it('is connected anew under the name that the platform calls it', async () => {
    const card = await stage.sandbox.createAccount({ platform, name: `new-${platform}` });
    const departure = await ada.post(`/connections/new/${platform}`, { name: '' });
    const page = await ada.get(await decideAt(departure.leadsTo ?? '', { account: card.id }));
    expect(noticeOf(page)).toBe(`"@${card.username}" is connected.`);
    const [row] = await stage.context.ledger.db
      .select()
      .from(connectedAccounts)
      .where(eq(connectedAccounts.remoteId, card.id));
    expect(row).toMatchObject({ name: `@${card.username}`, status: 'connected', apiBase: apiBaseOf(stage, platform) });
    const lifeMs = (row?.grantExpiresAt?.getTime() ?? 0) - Date.now();
    const documentedMs = platform === 'x' ? 7_200_000 : 60 * 24 * 3_600_000;
    expect(Math.abs(lifeMs - documentedMs)).toBeLessThan(60_000);
  });

  it('stays as it was when the person denies it', async () => {
    const account = await revokedAccount(platform);
    const before = await rowOf(account.id);
    const back = await decideAt(await leave(ada, account), { verdict: 'deny' });
    expect(await refusedBack(ada, back)).toBe(
      `You did not allow it at ${label}, so nothing was connected and nothing was changed; begin again when you want to.`,
    );
    expect(await rowOf(account.id)).toEqual(before);
  });

  it('is not touched when somebody signs in as another account', async () => {
    const account = await revokedAccount(platform);
    const other = await stage.sandbox.createAccount({ platform, name: `other-${platform}` });
    const before = await rowOf(account.id);
    const back = await decideAt(await leave(ada, account), { account: other.id });
    expect(await refusedBack(ada, back)).toBe(
      `You signed in to ${label} as @${other.username}, but this connection is "${account.name}" (${label} account ${account.card.id}), so nothing was changed; sign out there, sign in as the right account, then reconnect again.`,
    );
    expect(await rowOf(account.id)).toEqual(before);
    const known = await stage.context.ledger.db
      .select({ id: connectedAccounts.id })
      .from(connectedAccounts)
      .where(eq(connectedAccounts.remoteId, other.id));
    expect(known).toEqual([]);
  });

  it('is reconnected once by one way back, however often that is replayed', async () => {
    const account = await revokedAccount(platform);
    const back = await decideAt(await leave(ada, account), { account: account.card.id });
    await ada.get(back);
    const again = await ada.get(back);
    expect(again.status).toBe(410);
    expect(again.text).toContain('This way back from the platform was used before');
    expect((await rowOf(account.id)).grantVersion).toBe(2);
  });

  it('is reconnected by a code once: the platform takes none twice', async () => {
    const account = await revokedAccount(platform);
    const back = new URL(await decideAt(await leave(ada, account), { account: account.card.id }));
    await ada.get(back.href);
    const later = new URL(await leave(ada, account));
    back.searchParams.set('state', later.searchParams.get('state') ?? '');
    const words =
      platform === 'x'
        ? 'Value passed for the authorization code was invalid'
        : 'Matching code was not found or was already used';
    expect(await refusedBack(ada, back.href)).toBe(
      `${label} does not take the code (${words}), so nothing was connected; begin again.`,
    );
    expect((await rowOf(account.id)).grantVersion).toBe(2);
  });

  it('cannot be connected by the way back of another session, which stays usable for its own', async () => {
    const account = await revokedAccount(platform);
    const mallory = await signIn(stage, api.url);
    const back = await decideAt(await leave(ada, account), { account: account.card.id });
    expect((await mallory.get(back)).status).toBe(410);
    expect((await rowOf(account.id)).grantVersion).toBe(1);
    expect(noticeOf(await ada.get(back))).toContain('is connected again');
  });

  it.each([['forged'], ['none']])('cannot be connected with a state that is %s', async (kind) => {
    const account = await revokedAccount(platform);
    const back = new URL(await decideAt(await leave(ada, account), { account: account.card.id }));
    if (kind === 'none') back.searchParams.delete('state');
    else back.searchParams.set('state', 'A'.repeat(43));
    expect((await ada.get(back.href)).status).toBe(410);
    expect((await rowOf(account.id)).grantVersion).toBe(1);
  });

  it('cannot be connected by a way back that took longer than ten minutes', async () => {
    const account = await revokedAccount(platform);
    const back = await decideAt(await leave(ada, account), { account: account.card.id });
    shiftClock(stage.folder, ELEVEN_MINUTES_MS);
    expect((await ada.get(back)).status).toBe(410);
    expect((await rowOf(account.id)).grantVersion).toBe(1);
  });

  it.each(
    platform === 'x'
      ? [
          ['token.code', 'did not exchange the code'],
          ['users_me', 'could not be asked whose grant this is'],
        ]
      : [
          ['code_token', 'did not exchange the code'],
          ['exchange_token', 'did not complete the grant'],
          ['me', 'could not be asked whose grant this is'],
        ],
  )('stays as it was when the platform is down at %s', async (call, words) => {
    const account = await revokedAccount(platform);
    const before = await rowOf(account.id);
    const back = await decideAt(await leave(ada, account), { account: account.card.id });
    await stage.sandbox.addFault({ platform, call, fault: { kind: 'reset_before' }, times: null });
    expect(await refusedBack(ada, back)).toContain(`${label} ${words}`);
    expect(await rowOf(account.id)).toEqual(before);
  });

  it('comes to one good grant when two reconnect it at once', async () => {
    const account = await revokedAccount(platform);
    const eve = await signIn(stage, api.url);
    const backs = await Promise.all(
      [ada, eve].map(async (person) => decideAt(await leave(person, account), { account: account.card.id })),
    );
    const pages = await Promise.all([ada, eve].map((person, index) => person.get(backs[index] ?? '')));
    expect(pages.map(noticeOf)).toEqual(Array(2).fill(`"${account.name}" is connected again.`));
    expect(await rowOf(account.id)).toMatchObject({ status: 'connected', grantVersion: 3 });
  });

  it('is one account when two connect it anew at once', async () => {
    const card = await stage.sandbox.createAccount({ platform, name: `both-${platform}` });
    const eve = await signIn(stage, api.url);
    const pages = await Promise.all(
      [ada, eve].map(async (person) => {
        const departure = await person.post(`/connections/new/${platform}`, { name: '' });
        return person.get(await decideAt(departure.leadsTo ?? '', { account: card.id }));
      }),
    );
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    const rows = await stage.context.ledger.db
      .select({ version: connectedAccounts.grantVersion })
      .from(connectedAccounts)
      .where(eq(connectedAccounts.remoteId, card.id));
    expect(rows).toEqual([{ version: 2 }]);
  });

  it('is not connected by an app whose secret the platform refuses', async () => {
    const account = await revokedAccount(platform);
    await setOurApp(platform, 'another-secret');
    try {
      const back = await decideAt(await leave(ada, account), { account: account.card.id });
      expect(await refusedBack(ada, back)).toContain(`${label} refuses the app (`);
    } finally {
      await setOurApp(platform, CLIENT_SECRET);
    }
    expect((await rowOf(account.id)).grantVersion).toBe(1);
  });

  it('leaves no secret in any row, page or log', async () => {
    const account = await revokedAccount(platform);
    const page = await leave(ada, account);
    const back = await decideAt(page, { account: account.card.id });
    const [during] = await dump();
    const after = await ada.get(back);
    const [stored] = await dump();
    const { accessToken, refreshToken } = await grantOf(account.id);
    const code = new URL(back).searchParams.get('code') ?? '';
    const state = new URL(page).searchParams.get('state') ?? '';
    const secrets = [accessToken, refreshToken, code, state, CLIENT_SECRET].filter((secret) => secret !== undefined);
    expect(secrets.every((secret) => secret.length > 20)).toBe(true);
    for (const secret of secrets) {
      for (const place of [during?.text, stored?.text, after.text, logged]) expect(place).not.toContain(secret);
    }
  });
});

function dump() {
  return stage.context.ledger.db.execute<{ text: string }>(
    sql`select concat((select json_agg(f) from connection_flows f)::text, (select json_agg(p) from platform_apps p)::text,
      (select json_agg(a) from connected_accounts a)::text, (select json_agg(e) from audit_events e)::text) as text`,
  );
}

describe('who may', () => {
  it('is an admin: others are told which role is needed, and nobody is asked', async () => {
    const account = await revokedAccount('x');
    const olga = await signIn(stage, api.url, 'operator');
    const page = await olga.post(`/connections/${account.id}/reconnect`);
    expect(page.status).toBe(403);
    expect(page.text).toContain('To connect accounts one needs the role admin, and yours is operator');
    const flows = await stage.context.ledger.db
      .select()
      .from(connectionFlows)
      .where(eq(connectionFlows.accountId, account.id));
    expect(flows).toEqual([]);
  });

  it('is nobody of another workspace: there the account is not found', async () => {
    const account = await revokedAccount('x');
    const workspaceId = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: workspaceId, name: 'other', createdAt: new Date() });
    const stranger = await signIn(stage, api.url, 'admin', workspaceId);
    for (const page of [
      await stranger.get(`/connections/${account.id}`),
      await stranger.post(`/connections/${account.id}/reconnect`),
      await stranger.post(`/connections/${account.id}/disconnect`),
    ]) {
      expect(page.status).toBe(404);
    }
    expect((await rowOf(account.id)).status).toBe('reconnect_required');
  });
});

it('tells which scopes a person left out and queued posts need', async () => {
  const account = await revokedAccount('instagram');
  await place(stage, { state: 'queued', accountId: account.id, platform: 'instagram', withMedia: true });
  const back = await decideAt(await leave(ada, account), {
    account: account.card.id,
    scopes: ['instagram_business_basic'],
  });
  expect(noticeOf(await ada.get(back))).toBe(
    `"${account.name}" is connected again. It still lacks instagram_business_content_publish, which queued posts need: reconnect it and allow all.`,
  );
  expect((await rowOf(account.id)).scopes).toEqual(['instagram_business_basic']);
});
