// The pages of connections: what each account can do, the one thing to do, disconnecting, and apps whose secrets stay in.
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { minutesAgo, place, placeAccount } from '../recovery/place.ts';
import { noticeOf, type Person, signIn } from './person.ts';

let stage: Stage;
let api: TestApi;
let ada: Person;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  ada = await signIn(stage, api.url);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

/** The words of a page, without its markup. */
const words = (text: string) => text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

async function accountPage(id: string): Promise<string> {
  return words((await ada.get(`/connections/${id}`)).text);
}

describe('the page of an account', () => {
  it('says what is missing for what is queued, and what it holds up, by cause', async () => {
    const id = await placeAccount(stage, { name: 'lacking', scopes: ['tweet.read', 'users.read', 'tweet.write'] });
    const failed = { state: 'failed', cause: 'x_media_upload_scope_missing', accountId: id } as const;
    await place(stage, { ...failed, withMedia: true, text: 'first' });
    await place(stage, { ...failed, withMedia: true, text: 'second' });
    await place(stage, { state: 'published', accountId: id });
    const text = await accountPage(id);
    expect(text).toContain('The grant lacks what queued posts need');
    expect(text).toContain('Missing for what is queued media.write');
    expect(text).toContain('2 publishes of this account failed for x_media_upload_scope_missing .');
    expect((await ada.get(`/connections/${id}`)).text).toContain(`/incidents/${id}/x_media_upload_scope_missing`);
    expect(text).toContain('connected by nightly pipeline');
  });

  it('after a repair offers what a new grant mends, where it is replayed, and nothing that it does not mend', async () => {
    const id = await placeAccount(stage, { name: 'mended', status: 'reconnect_required' });
    for (const cause of ['auth_expired', 'auth_expired', 'media_invalid'] as const) {
      await place(stage, { state: 'failed', cause, accountId: id });
    }
    const offer = (cause: string, words: string) => `<a href="/incidents/${id}/${cause}">${words}</a>`;
    const before = (await ada.get(`/connections/${id}`)).text;
    expect(before).toContain(offer('auth_expired', 'See them together'));
    const change = { status: 'connected', connectedAt: new Date() } as const;
    await stage.context.ledger.db.update(connectedAccounts).set(change).where(eq(connectedAccounts.id, id));
    const after = (await ada.get(`/connections/${id}`)).text;
    expect(words(after)).toContain('2 publishes of this account failed for auth_expired .');
    expect(after).toContain(offer('auth_expired', 'Replay those that the gate allows'));
    expect(after).toContain(offer('media_invalid', 'See them together'));
    const together = words((await ada.get(`/incidents/${id}/auth_expired`)).text);
    expect(together).toContain('The account was reconnected; 2 can be replayed together.');
  });

  it('says what the platform throttles, and when the grant has ended for good', async () => {
    const id = await placeAccount(stage, {
      name: 'ended',
      platform: 'instagram',
      grantExpiresAt: minutesAgo(5),
      rateLimits: { create: minutesAgo(-30).toISOString(), read: minutesAgo(30).toISOString() },
    });
    const text = await accountPage(id);
    expect(text).toContain('The grant has ended and can no longer be renewed');
    expect(text).toMatch(/Instagram throttles publishing until \w/);
    expect(text).not.toContain('reading until');
  });

  it('shows a viewer why the button cannot be pressed', async () => {
    const id = await placeAccount(stage, { name: 'seen', status: 'reconnect_required' });
    const vera = await signIn(stage, api.url, 'viewer');
    const { text } = await vera.get(`/connections/${id}`);
    expect(words(text)).toContain('Reconnect Connecting accounts needs the role admin.');
    expect(text).not.toContain(`action="/connections/${id}`);
  });
});

describe('the list', () => {
  it('names every account of the workspace and the one thing to do', async () => {
    await placeAccount(stage, { name: 'at-rest' });
    const text = words((await ada.get('/connections')).text);
    expect(text).toContain('at-rest');
    expect(text).toContain('Nothing to do.');
    expect(text).toMatch(/seen X · \S+ Reconnect it The platform calls the grant dead/);
  });
});

describe('disconnecting', () => {
  it('forgets the grant, stops what is queued as not connected, and is audited', async () => {
    const id = await placeAccount(stage, { name: 'leaving' });
    await place(stage, { state: 'failed', cause: 'publish_failed', accountId: id, id: 'stops' });
    expect(words((await ada.get(`/connections/${id}/disconnect`)).text)).toContain('Disconnect leaving?');
    const page = await ada.post(`/connections/${id}/disconnect`);
    expect(noticeOf(page)).toBe('It is disconnected, and its grant forgotten.');
    const { db, sealer } = stage.context.ledger;
    const [row] = await db.select().from(connectedAccounts).where(eq(connectedAccounts.id, id));
    expect(row).toMatchObject({ status: 'disconnected', grantVersion: 2, grantExpiresAt: null });
    expect(sealer.open(id, row?.sealedGrant ?? new Uint8Array())).toEqual({ accessToken: '' });
    expect(await api.client().items({ all: true })).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          id: 'stops',
          gate: expect.objectContaining({ reason: 'not-connected' }),
          nextAction: { code: 'reconnect_account', kind: 'link', href: `/connections/${id}` },
        }),
      ]),
    });
    const [event] = await db.execute<{ actor: string }>(
      sql`select actor ->> 'label' as actor from audit_events where type = 'account.disconnected' and payload ->> 'accountId' = ${id}`,
    );
    expect(event?.actor).toBe('Ada admin');
    expect(noticeOf(await ada.post(`/connections/${id}/disconnect`))).toBe(
      'It was disconnected before; nothing was changed.',
    );
  });
});

describe('an app', () => {
  const SECRET = 'a-client-secret-of-ours';

  it('is set once and its secret never shown again', async () => {
    const fields = { clientId: 'our-app', clientSecret: SECRET };
    const page = await ada.post('/connections/apps/x', fields);
    expect(noticeOf(page)).toBe('The app is set; accounts can be connected with it now.');
    expect(words(page.text)).toContain('Client id our-app , with a secret');
    expect(page.text).toContain(`${api.url}/connections/x/callback`);
    expect(page.text).not.toContain(SECRET);
    const [dump] = await stage.context.ledger.db.execute<{ text: string }>(
      sql`select concat((select json_agg(p) from platform_apps p), (select json_agg(e) from audit_events e)) as text`,
    );
    expect(dump?.text).toContain('platform_app.set');
    expect(dump?.text).not.toContain(SECRET);
    expect(await api.ask('GET', '/api/apps')).toMatchObject({
      status: 200,
      body: { apps: [{ platform: 'x', clientId: 'our-app', hasSecret: true }] },
    });
  });

  it.each([
    [{ clientId: 'our app', clientSecret: SECRET }, 'clientId must be 1 to 512 visible ASCII characters'],
    [{ clientId: 'our-app', clientSecret: SECRET, apiBase: 'http://evil.example' }, 'apiBase must be an https address'],
    [{ clientId: 'our-app' }, 'An app of Instagram has a secret'],
  ])('is refused in one sentence where %j cannot be used', async (fields, sentence) => {
    expect(noticeOf(await ada.post('/connections/apps/instagram', fields))).toContain(sentence);
    expect((await api.ask('GET', '/api/apps')).body).toMatchObject({ apps: [{ platform: 'x' }] });
  });

  it('is needed before anybody can be asked', async () => {
    const page = await ada.post('/connections/new/instagram');
    expect(noticeOf(page)).toContain('No app of Instagram is set in this workspace');
  });
});
