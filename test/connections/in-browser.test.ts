// Reconnecting as a person does it: in Chromium, from the item that is held up to the account that works again, with and
// without JavaScript.

import axe from 'axe-core';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { setApp } from '../../src/ledger/connections/apps.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { place } from '../recovery/place.ts';
import { type Browser, openBrowser } from '../ui/browser.ts';
import { signIn } from './person.ts';
import { apiBaseOf, PLATFORMS, type Platform } from './platform-pages.ts';

const ADMIN = { type: 'USER', id: 'admin-1', label: 'Ada Admin' } as const;

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  for (const platform of PLATFORMS) {
    const app = { platform, clientId: `app-of-${platform}`, clientSecret: 'the-secret-of-the-app' };
    await stage.sandbox.registerApp({ ...app, redirectUris: [`${api.url}/connections/${platform}/callback`] });
    const ours = { ...app, workspaceId: stage.workspaceId, apiBase: apiBaseOf(stage, platform), actor: ADMIN };
    await setApp(stage.context.ledger, ours);
  }
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

async function revoked(platform: Platform, name: string): Promise<string> {
  const { id, card } = await stage.connectSandboxAccount({ platform, name });
  await stage.sandbox.changeTokens(card.id, { action: 'revoke' });
  await stage.context.ledger.db
    .update(connectedAccounts)
    .set({ status: 'reconnect_required', connectedAt: new Date(Date.now() - 3_600_000) })
    .where(eq(connectedAccounts.id, id));
  const placed = {
    state: 'failed',
    cause: 'reconnect_required',
    accountId: id,
    platform,
    failedMinutesAgo: 5,
  } as const;
  await place(stage, { ...placed, text: `Held up on ${name}` });
  return id;
}

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('%s', (_how, javaScriptEnabled) => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser({ javaScriptEnabled });
    page = await browser.newPage();
    const { sessionId } = await signIn(stage, api.url);
    await page.context().addCookies([{ name: 'oncepost_session', value: sessionId, url: api.url }]);
  });
  afterAll(() => browser.close());

  it.each([
    ['x', 'X'],
    ['instagram', 'Instagram'],
  ] as const)('a person reconnects an account of %s from the item that it holds up', async (platform, label) => {
    const name = `${platform}-${javaScriptEnabled ? 'scripted' : 'plain'}`;
    const id = await revoked(platform, name);
    await page.goto(api.url);
    await page
      .locator('.row', { hasText: `Held up on ${name}` })
      .getByRole('link', { name: 'Reconnect the account' })
      .click();
    expect(await page.locator('.card').innerText()).toContain('The platform calls the grant dead');
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await page.getByRole('heading', { name: `${label} (sandbox)` }).waitFor();
    await page.getByLabel(`(${name})`).check();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('status').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/connections/${id}`);
    expect(await page.getByRole('status').innerText()).toBe(`"${name}" is connected again. One publish waits below.`);
    await page
      .locator('.row', { hasText: `Held up on ${name}` })
      .getByRole('button', { name: 'Replay' })
      .waitFor();
    const [row] = await stage.context.ledger.db.select().from(connectedAccounts).where(eq(connectedAccounts.id, id));
    expect(row?.status).toBe('connected');
  });
});

describe('every page', () => {
  it('can be used by whoever sees or moves otherwise (axe, WCAG 2.2 AA), by day and by night', async () => {
    const id = await revoked('x', 'looked-at');
    const browser = await openBrowser();
    const page = await browser.newPage();
    const { sessionId } = await signIn(stage, api.url);
    await page.context().addCookies([{ name: 'oncepost_session', value: sessionId, url: api.url }]);
    const paths = ['', '/new', '/new/x', '/new/bluesky', '/apps', `/${id}`, `/${id}/disconnect`];
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const path of paths) {
        await page.goto(`${api.url}/connections${path}`);
        await page.evaluate(axe.source);
        const run = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`;
        const { violations } = violationsSchema.parse(await page.evaluate(run));
        for (const { id: rule, nodes } of violations) found.push(`${path} ${colorScheme} ${rule}: ${nodes[0]?.html}`);
      }
    }
    await browser.close();
    expect(found).toEqual([]);
  });
});

const violationsSchema = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});
