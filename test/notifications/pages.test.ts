// The pages of the report and of notifications, in a real browser: with a mouse, without JavaScript, and by who may see what.

import axe from 'axe-core';
import { eq, sql } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Role } from '../../src/domain/people/roles.ts';
import { makeSignInLink } from '../../src/ledger/people/sign-in-links.ts';
import { memberships } from '../../src/ledger/schema/people.ts';
import { ensureWorkspace } from '../../src/ledger/workspaces/workspaces.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { place, placeAccount } from '../recovery/place.ts';
import { type Browser, openBrowser } from '../ui/browser.ts';
import { failedPublish } from '../workflow/shop.ts';
import { look, messages, openTold, SECRETS, webhook } from './place.ts';
import { openReceiver, type Receiver } from './receiver.ts';

let stage: Stage;
let api: TestApi;
let browser: Browser;
let receiver: Receiver;
let deadId: string;
beforeAll(async () => {
  receiver = await openReceiver();
  receiver.answers(410);
  stage = await openTold({
    'on-call': webhook(receiver.url, ['incident_opened', 'needs_person', 'unconfirmed']),
    all: webhook(receiver.url),
  });
  await stage.startWorker(SECRETS);
  api = await openApi(stage);
  browser = await openBrowser();
  await failedPublish(stage, { text: 'Good morning, everybody' });
  await look(stage);
  await until('both are given up', async () => (await messages(stage)).every(({ state }) => state === 'dead'));
  deadId = (await messages(stage))[0]?.id ?? '';
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  await stage?.close();
  await receiver?.close();
});

async function signIn(page: Page, role: Role = 'admin'): Promise<void> {
  const { secret } = await makeSignInLink(stage.context.ledger, stage.workspaceId);
  await stage.context.ledger.db.update(memberships).set({ role }).where(eq(memberships.workspaceId, stage.workspaceId));
  await page.context().clearCookies();
  await page.goto(`${api.url}/sign-in/${secret}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${api.url}/`);
}

/** What is not accessible on the page. */
async function faults(page: Page): Promise<string[]> {
  // Through the debugger: the page's own policy lets nothing be added to it.
  await page.evaluate(axe.source);
  const found = await page.evaluate('axe.run()');
  return (found as { violations: { id: string }[] }).violations.map(({ id }) => id);
}

it('an admin sees what could not be told, and sends it again', async () => {
  const page = await browser.newPage();
  await signIn(page);
  await page.getByRole('link', { name: 'Notifications' }).click();
  const row = page.locator(`#message-${deadId}`);
  expect(await row.textContent()).toContain('The receiver answered 410. It wants nothing more of it.');
  expect(await row.textContent()).toContain('It is not tried any more, after 1 try.');
  expect(await faults(page)).toEqual([]);
  receiver.answers(204);
  await row.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('It is sent again, under the id it had, with all its tries anew.').waitFor();
  await until(
    'it is delivered',
    async () => (await messages(stage)).find(({ id }) => id === deadId)?.state === 'delivered',
  );
  await page.reload();
  expect(await row.textContent()).toContain('Delivered');
  await page.close();
});

it('a channel is tried with its button', async () => {
  const page = await browser.newPage();
  await signIn(page);
  await page.goto(`${api.url}/notifications`);
  receiver.forget();
  await page
    .getByRole('listitem')
    .filter({ hasText: 'on-call' })
    .first()
    .getByRole('button', { name: 'Send a test' })
    .click();
  await page.getByText('A test is on its way to on-call').waitFor();
  await until('it came', () => receiver.received.length === 1);
  expect(receiver.received[0]?.body).toContain('"type":"channel.test"');
  await page.close();
});

it('the report says what broke and leads there', async () => {
  const page = await browser.newPage();
  await signIn(page, 'viewer');
  await page.getByRole('link', { name: 'Report', exact: true }).click();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Morning report');
  await page.getByText('1 publish needs a person, all since the last report; nothing went live.').waitFor();
  const row = page.getByRole('listitem').filter({ hasText: 'Good morning, everybody' });
  expect(await row.textContent()).toContain('publish_failed');
  expect(await row.getByRole('link', { name: 'Look at it' }).getAttribute('href')).toMatch(/^\/schedules\//);
  expect(await faults(page)).toEqual([]);
  await page.close();
});

it('whoever is no admin neither sees notifications nor sends any', async () => {
  const page = await browser.newPage();
  await signIn(page, 'approver');
  expect(await page.getByRole('link', { name: 'Notifications' }).count()).toBe(0);
  const answer = await page.goto(`${api.url}/notifications`);
  expect(answer?.status()).toBe(403);
  await page.getByText('To look at notifications one needs the role admin, and yours is approver').waitFor();
  const before = await messages(stage);
  const sent = await page.request.post(`${api.url}/notifications/${deadId}/redeliver`, { form: {} });
  expect(sent.status()).toBe(403);
  expect(await messages(stage)).toEqual(before);
  await page.close();
});

it('a form of another site sends nothing, and a message that is not there is not found', async () => {
  const page = await browser.newPage();
  await signIn(page);
  const before = await messages(stage);
  for (const path of [`/notifications/${deadId}/redeliver`, '/notifications/test']) {
    const sent = await page.request.post(`${api.url}${path}`, { form: { channel: 'all', csrf: 'guessed' } });
    expect(sent.status()).toBe(403);
  }
  expect(await messages(stage)).toEqual(before);
  await page.close();
});

it('through the API another workspace sees and sends nothing of it', async () => {
  const { ledger } = stage.context;
  const theirs = await api.newKey(undefined, (await ensureWorkspace(ledger, 'another')).id);
  expect(await api.client(theirs).notifications()).toEqual({ channels: [], deliveries: [], nextCursor: null });
  const before = await messages(stage);
  for (const id of [deadId, 'nonsense', '00000000-0000-4000-8000-000000000000']) {
    const answer = await api.ask('POST', `/api/notifications/${id}/redeliver`, { key: theirs });
    expect(answer.status).toBe(404);
  }
  const tried = await api.ask('POST', '/api/notifications/test', { key: theirs, json: { channel: 'all' } });
  expect(tried.status).toBe(404);
  const readOnly = await api.newKey(['schedules:read', 'recover']);
  expect((await api.ask('GET', '/api/notifications', { key: readOnly })).status).toBe(403);
  expect((await api.ask('GET', '/api/notifications?cursor=nonsense')).status).toBe(422);
  expect(await messages(stage)).toEqual(before);
});

it('pages of messages follow each other without a gap, and can be of one state', async () => {
  const accountId = await placeAccount(stage, { name: 'many' });
  await place(stage, { state: 'failed', cause: 'auth_expired', accountId });
  await stage.context.ledger.db.execute(sql`
    insert into notifications (id, workspace_id, channel, key, telling, state, created_at)
    select gen_random_uuid(), ${stage.workspaceId}, 'all', 'key-' || n,
      '{"event": "test", "headline": "many", "lines": [], "subject": {}}', 'dead', now() - interval '1 day'
    from generate_series(1, 25) n`);
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ReturnType<TestApi['client']>['notifications']>> = await api
      .client()
      .notifications({ state: 'dead', limit: 10, ...(cursor === null ? {} : { cursor }) });
    ids.push(...page.deliveries.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  const dead = (await messages(stage)).filter(({ state }) => state === 'dead');
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(dead.map(({ id }) => id));
});
