// GET /api/tonight and POST /api/schedules/check: what will stop a post, told before its time (R8).
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Tonight } from '../../src/domain/tonight/tonight.ts';
import { placeHold } from '../../src/ledger/holds/holds.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { rateLimits } from '../../src/ledger/schema/records.ts';
import { tonightChecks } from '../../src/ledger/schema/tonight.ts';
import { ensureWorkspace } from '../../src/ledger/workspaces/workspaces.ts';
import { serveMedia } from '../harness/media-files.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { place, placeAccount } from '../recovery/place.ts';
import { OLGA, openShop, someText } from '../workflow/shop.ts';
import { openApi, type TestApi } from './open-api.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  api = await openApi(stage);
});
afterEach(() => stage.context.ledger.db.delete(rateLimits));
afterAll(async () => {
  await api.close();
  await stage.close();
});

const inAnHour = () => new Date(Date.now() + 3_600_000);

/** A workspace of its own with an account, and a client of it: its night is its own. */
async function newNight() {
  const { id: workspaceId } = await ensureWorkspace(stage.context.ledger, `night-${randomUUID()}`);
  const accountId = await placeAccount(stage, { name: 'night', workspaceId });
  const key = await api.newKey(undefined, workspaceId);
  const due = (
    more: { readonly id?: string; readonly approvalRequired?: boolean; readonly withMedia?: boolean } = {},
  ) => place(stage, { state: 'queued', accountId, publishAt: inAnHour(), ...more }, workspaceId);
  return { workspaceId, accountId, key, client: api.client(key), due };
}

const looked = (workspaceId: string) =>
  stage.context.ledger.db.select().from(tonightChecks).where(eq(tonightChecks.workspaceId, workspaceId));

describe('the night', () => {
  it('counts all of it, tells what is stopped first, and goes on by a cursor', async () => {
    const { client, due } = await newNight();
    for (let made = 0; made < 7; made += 1) await due({ id: `fine-${made}` });
    for (let made = 0; made < 5; made += 1) await due({ id: `waits-${made}`, approvalRequired: true });
    const pages: Tonight[] = [];
    for (let cursor: string | null | undefined; cursor !== null; cursor = pages.at(-1)?.nextCursor ?? null) {
      pages.push(await client.tonight({ limit: 4, ...(cursor === undefined ? {} : { cursor }) }));
    }
    for (const page of pages) expect(page).toMatchObject({ due: 12, stopped: 5, unseen: 7, looking: false });
    const shown = pages.map(({ publishes }) => publishes.map(({ item }) => item.id.split('-')[0]));
    expect(shown).toEqual([
      ['waits', 'waits', 'waits', 'waits'],
      ['waits', 'fine', 'fine', 'fine'],
      ['fine', 'fine', 'fine', 'fine'],
    ]);
    const ids = pages.flatMap(({ publishes }) => publishes.map(({ item }) => item.id));
    expect(new Set(ids).size).toBe(12);
    expect(pages[0]?.publishes[0]).toMatchObject({
      checkedAt: null,
      findings: [{ kind: 'approval_missing', cause: null, nextAction: { href: '/schedules/waits-0/review' } }],
    });
  });

  it('refuses a cursor of another list', async () => {
    expect(await api.ask('GET', '/api/tonight?cursor=nonsense')).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_request', problems: [{ field: 'cursor' }] } },
    });
  });

  it('is looked at while one waits where little is due, media included', async () => {
    const { client, due } = await newNight();
    const id = await due({ withMedia: true });
    const night = await client.tonight({ fresh: true });
    expect(night).toMatchObject({ due: 1, stopped: 1, unseen: 0, looking: false });
    expect(night.publishes).toMatchObject([
      {
        item: { id },
        checkedAt: expect.any(String),
        findings: [{ kind: 'media_unreachable', cause: 'media_invalid', nextAction: { code: 'review_media' } }],
      },
    ]);
  });

  it('is looked at whole in the background where much is due', async () => {
    const { client, workspaceId, due } = await newNight();
    for (let made = 0; made < 25; made += 1) await due();
    expect(await client.tonight({ fresh: true, limit: 1 })).toMatchObject({ due: 25, looking: true });
    await until('all of it was looked at', async () => (await looked(workspaceId)).length === 25);
    expect(await client.tonight({ limit: 1 })).toMatchObject({ due: 25, unseen: 0, looking: false });
  });

  it('is looked at by the scheduled look, which keeps what it finds', async () => {
    const { workspaceId, due } = await newNight();
    await due({ withMedia: true });
    const start = { workflowId: `tonight-${randomUUID()}`, taskQueue: stage.taskQueue };
    expect(await stage.temporal.workflow.execute('tonight', start)).toBeGreaterThan(0);
    expect((await looked(workspaceId)).map(({ findings }) => findings.map(({ kind }) => kind))).toEqual([
      ['media_unreachable'],
    ]);
  });

  it('is looked at again by an operator alone, and four times a minute', async () => {
    const { workspaceId, key } = await newNight();
    const reader = await api.newKey(['schedules:read'], workspaceId);
    expect(await api.ask('GET', '/api/tonight', { key: reader })).toMatchObject({ status: 200 });
    expect(await api.ask('GET', '/api/tonight?fresh=true', { key: reader })).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_missing', message: expect.stringContaining('lacks the scope recover') } },
    });
    for (let asked = 0; asked < 4; asked += 1) {
      expect(await api.ask('GET', '/api/tonight?fresh=true', { key })).toMatchObject({ status: 200 });
    }
    const refused = await api.ask('GET', '/api/tonight?fresh=true', { key });
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'too_many_requests' } } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a post that is taken in, edited or given another time for today', () => {
  it('is looked at at once', async () => {
    const shop = await openShop(stage);
    const json = { account: shop.name, text: someText(), publishAt: inAnHour().toISOString(), approvalRequired: true };
    const taken = await api.ask('POST', '/api/schedules', { json });
    const { id, fingerprint } = taken.body as { id: string; fingerprint: string };
    const check = async () => (await looked(stage.workspaceId)).find(({ scheduleId }) => scheduleId === id);
    const first = await check();
    expect(first).toMatchObject({ fingerprint, findings: [{ kind: 'approval_missing' }] });
    const edit = { expectedFingerprint: fingerprint, approvalRequired: false };
    const edited = await api.ask('PATCH', `/api/schedules/${id}`, { json: edit });
    expect(await check()).toMatchObject({
      fingerprint: (edited.body as { fingerprint: string }).fingerprint,
      findings: [],
    });
    const publishAt = new Date(Date.now() + 7_200_000).toISOString();
    await api.ask('POST', `/api/schedules/${id}/reschedule`, { json: { publishAt } });
    const { publishes } = await api.client().tonight();
    expect(publishes.find(({ item }) => item.id === id)).toMatchObject({
      item: { publishAt },
      checkedAt: expect.any(String),
    });
  });
});

describe('the check of a post that is not stored', () => {
  const checkOf = async (json: Readonly<Record<string, unknown>>) =>
    (await api.ask('POST', '/api/schedules/check', { json })).body;

  it('finds what the look at a stored one finds: media, the grant, the hold, the approval', async () => {
    const shop = await openShop(stage);
    const files = await serveMedia();
    const media = [files.item('sample.jpg')];
    const post = { account: shop.name, text: someText(), media, publishAt: inAnHour().toISOString() };
    expect(await checkOf(post)).toEqual({ fits: true, problems: [], findings: [] });
    await files.close();
    expect(await checkOf(post)).toMatchObject({
      fits: true,
      findings: [
        { kind: 'media_unreachable', cause: 'media_invalid', nextAction: { code: 'review_media', kind: 'link' } },
      ],
    });
    const { db } = stage.context.ledger;
    await db
      .update(connectedAccounts)
      .set({ scopes: ['tweet.read'] })
      .where(eq(connectedAccounts.id, shop.id));
    const target = { scope: 'account', accountId: shop.id } as const;
    await placeHold(stage.context.ledger, { workspaceId: stage.workspaceId, target, reason: 'the news', actor: OLGA });
    const all = await checkOf({ ...post, approvalRequired: true });
    expect(all).toMatchObject({
      fits: true,
      findings: [
        {
          kind: 'scope_missing',
          cause: 'x_media_upload_scope_missing',
          nextAction: { href: `/connections/${shop.id}` },
        },
        { kind: 'approval_missing' },
        { kind: 'on_hold' },
        { kind: 'media_unreachable' },
      ],
    });
    // There is no page of a post that is not stored.
    expect(JSON.stringify(all)).not.toContain('/schedules/');
  });

  it('says why it would not be taken in, and stores nothing', async () => {
    const shop = await openShop(stage);
    expect(await checkOf({ account: shop.name, text: 'x'.repeat(300), id: 'never' })).toMatchObject({
      fits: false,
      problems: [{ field: 'text', limit: '280 weighted characters' }],
      findings: [],
    });
    expect((await api.ask('GET', '/api/schedules/never')).status).toBe(404);
  });

  it('of one that a person publishes asks nothing of the account', async () => {
    const shop = await openShop(stage);
    const { db } = stage.context.ledger;
    await db.update(connectedAccounts).set({ status: 'reconnect_required' }).where(eq(connectedAccounts.id, shop.id));
    const post = { account: shop.name, text: someText() };
    expect(await checkOf(post)).toMatchObject({ findings: [{ kind: 'disconnected' }] });
    expect(await checkOf({ ...post, mode: 'handoff' })).toMatchObject({ fits: true, findings: [] });
  });
});
