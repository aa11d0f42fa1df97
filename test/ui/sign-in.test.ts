// Signing in as people do: a real browser, a real provider with its login page, and the pages behind it.
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invite } from '../../src/ledger/people/invitations.ts';
import type { RunningServer } from '../../src/web/server.ts';
import { freePort } from '../harness/free-port.ts';
import { startProcess, type TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { CLIENT, serveWithProvider } from '../identity/serve-with-provider.ts';
import { person } from '../pages/visitor.ts';
import { violationsOf } from './accessible.ts';
import { type Browser, openBrowser } from './browser.ts';

const ADMIN = { type: 'USER', id: 'admin-1', label: 'Ada Admin' } as const;

let stage: Stage;
let provider: TestProcess;
let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  stage = await openStage();
  const port = await freePort();
  provider = await startProcess('./oidc-process.ts', {
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_REDIRECT_URI: `http://127.0.0.1:${port}/sign-in/callback`,
  });
  server = await serveWithProvider(stage, { port, issuer: String(provider.ready.issuer) });
});
afterAll(async () => {
  await server.close();
  await provider.kill();
  await stage.close();
});

/** In a browser that nobody has used before. */
async function inBrowser(work: (page: Page) => Promise<void>): Promise<void> {
  browser = await openBrowser();
  try {
    const page = await browser.newPage();
    // The provider's page asks another host for its type.
    await page.route('https://fonts.googleapis.com/**', (route) => route.abort());
    await work(page);
  } finally {
    await browser.close();
  }
}

async function throughProvider(page: Page, login: string, path = '/'): Promise<void> {
  await page.goto(`${server.url}${path}`);
  await page.getByRole('link', { name: /^Sign in with 127\.0\.0\.1/ }).click();
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${server.url}/**`);
}

const someEmail = () => `p${randomUUID().slice(0, 8)}@example.com`;
const invited = (email: string, role: 'viewer' | 'admin') =>
  invite(stage.context.ledger, { workspaceId: stage.workspaceId, email, role, actor: ADMIN });

describe('through a real provider', () => {
  it('somebody who is invited comes to the page they asked for, and out again', async () => {
    const email = someEmail();
    await invited(email, 'admin');
    await inBrowser(async (page) => {
      await throughProvider(page, email, '/people');
      expect(new URL(page.url()).pathname).toBe('/people');
      await page.getByText('You are signed in.').waitFor();
      await page.getByRole('cell', { name: `${email.split('@')[0]} of the provider you` }).waitFor();
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await page.goto(`${server.url}/people`);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    });
  });

  it('a stranger reads whom to ask, and so does whoever has no verified address', async () => {
    const email = someEmail();
    await invited(email, 'viewer');
    await inBrowser(async (page) => {
      await throughProvider(page, someEmail());
      await page.getByRole('heading', { name: 'You are not invited' }).waitFor();
      // The provider would send them again by itself.
      await page.getByRole('link', { name: 'Sign in with another account' }).click();
      await page.getByPlaceholder('Enter any login').waitFor();
    });
    await inBrowser(async (page) => {
      await throughProvider(page, `${email}?`);
      await page.getByRole('heading', { name: 'Your address is not verified' }).waitFor();
    });
  });

  it('somebody who cancels there is told that nobody was signed in', async () => {
    await inBrowser(async (page) => {
      await page.goto(`${server.url}/sign-in`);
      await page.getByRole('link', { name: /^Sign in with/ }).click();
      await page.getByRole('link', { name: /Cancel/ }).click();
      await page.getByText('You did not agree to it at the provider, so nobody was signed in').waitFor();
    });
  });
});

it('an admin invites, changes and removes without a script', async () => {
  const { sessionId } = await person(stage, { role: 'admin', name: 'Ada' });
  const grace = await person(stage, { role: 'viewer', name: 'Grace' });
  await inBrowser(async (page) => {
    await page.context().addCookies([{ name: 'oncepost_session', value: sessionId, url: server.url }]);
    await page.route('**/*.js?*', (route) => route.abort());
    await page.goto(`${server.url}/people`);
    await page.getByLabel('Email').fill('linus@example.com');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByText(/linus@example\.com is invited as operator/).waitFor();
    const row = page.getByRole('row', { name: grace.email });
    await row.getByLabel('Role of Grace').selectOption('approver');
    await row.getByRole('button', { name: 'Change' }).click();
    await page.getByText('Grace is approver now.').waitFor();
    await row.getByText('Remove', { exact: true }).click();
    await row.getByRole('button', { name: 'Remove Grace' }).click();
    await page.getByText('Grace does not belong to sandbox any more').waitFor();
    expect(await page.getByRole('row', { name: grace.email }).count()).toBe(0);
  });
});

it.each([
  ['on a phone at night', 390, 'dark'],
  ['on a wide screen by day', 1_600, 'light'],
] as const)('the pages can be read and used by everybody %s', async (_what, width, colorScheme) => {
  const { sessionId } = await person(stage, { role: 'admin', name: 'Ada' });
  await invited(someEmail(), 'viewer');
  await inBrowser(async (page) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${server.url}/sign-in`);
    expect(await violationsOf(page)).toEqual([]);
    await page.context().addCookies([{ name: 'oncepost_session', value: sessionId, url: server.url }]);
    for (const path of ['/people', '/keys', '/you']) {
      await page.goto(`${server.url}${path}`);
      expect(await violationsOf(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
  });
});
