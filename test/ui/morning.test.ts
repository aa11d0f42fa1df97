// The whole morning on the practice night, by keyboard alone: find, claim, reconnect, replay the five it held up, export. And the main
// operations in a browser whose scripts are switched off.
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSchedule } from '../../src/ledger/schedules/schedules.ts';
import { findWorkspace } from '../../src/ledger/workspaces/workspaces.ts';
import { makePractice } from '../../src/practice/make-practice.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { signIn } from '../connections/person.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { type Browser, openBrowser } from './browser.ts';

/** All files share one Temporal server, where the practice of another has the same schedules. */
const PRACTICE = `practice-${randomUUID().slice(0, 8)}`;

let stage: Stage;
let api: TestApi;
let workspaceId: string;

beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  const env = { ...stage.context.env, ONCEPOST_PORT: Number(new URL(api.url).port), ONCEPOST_DATA: stage.folder };
  await makePractice({ ...stage.context, env }, stage.temporal, stage.sandboxUrl, PRACTICE);
  workspaceId = (await findWorkspace(stage.context.ledger, PRACTICE))?.id ?? '';
  await stage.startWorker();
  const states = { 'practice-reconnect-1': 'failed', 'practice-replay': 'failed', 'practice-approval': 'blocked' };
  for (const [id, state] of Object.entries(states)) await untilState(id, state);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const stateOf = async (id: string) => (await findSchedule(stage.context.ledger, workspaceId, id))?.state;
const untilState = (id: string, state: string) => until(`${id} is ${state}`, async () => (await stateOf(id)) === state);
const FIVE = [1, 2, 3, 4, 5].map((number) => `practice-reconnect-${number}`);

async function signedIn(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  const { sessionId } = await signIn(stage, api.url, 'admin', workspaceId);
  await page.context().addCookies([{ name: 'oncepost_session', value: sessionId, url: api.url }]);
  return page;
}

describe('a morning by keyboard alone', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
    page = await signedIn(browser);
  });
  afterAll(() => browser.close());

  const focused = (): Promise<string> =>
    page.evaluate(`(document.activeElement?.labels?.[0]?.innerText || document.activeElement?.innerText || '').trim()`);
  /** Goes from one control to the next until it stands at one that says this. */
  async function tabTo(words: RegExp): Promise<void> {
    for (let tabs = 0; tabs < 150; tabs += 1) {
      await page.keyboard.press('Tab');
      if (words.test(await focused())) return;
    }
    expect(await focused()).toMatch(words);
  }
  const press = async (words: RegExp) => {
    await tabTo(words);
    await page.keyboard.press('Enter');
  };

  it('finds the incident, claims one of the five, reconnects, and replays what the account held up', async () => {
    await page.goto(api.url);
    await press(/^Reconnect the account/);
    await page.waitForURL(/\/connections\//);
    await press(/^Reconnect/);
    await page.getByRole('heading', { name: 'X (sandbox)' }).waitFor();
    await tabTo(/^@/);
    const chosen = (): Promise<string> =>
      page.evaluate(`document.querySelector('input[name=account]:checked').labels[0].innerText`);
    for (let arrows = 0; arrows < 40 && !/\(sandbox-x-revoked\)/.test(await chosen()); arrows += 1) {
      await page.keyboard.press('ArrowDown');
    }
    expect(await chosen()).toContain('(sandbox-x-revoked)');
    await press(/^Allow/);
    await page.getByRole('status').first().waitFor();
    expect(await page.locator('main').innerText()).toContain('5 publishes of this account failed');
    await tabTo(/^Claim/);
    await page.keyboard.press('Enter');
    await page.getByText(/You look after practice-reconnect-\d now/).waitFor();
    await press(/^Replay those that the gate allows/);
    await page.waitForURL(/\/incidents\//);
    await press(/^Replay 5 together/);
    await page.waitForURL(/\/batches\//);
    for (const id of FIVE) await untilState(id, 'published');
    const texts = (await stage.sandbox.live({ platform: 'x' })).map(({ text }) => text);
    expect(texts.filter((text) => text.includes('did not go out: somebody withdrew'))).toHaveLength(5);
  });

  it('asks for a bundle of proof and sees it become ready', async () => {
    await page.goto(`${api.url}/proof`);
    await press(/^Make the bundle/);
    await page.getByRole('link', { name: 'Download' }).first().waitFor();
  });
});

describe('in a browser without scripts', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser({ javaScriptEnabled: false });
    page = await signedIn(browser);
  });
  afterAll(() => browser.close());

  it('a person claims and replays', async () => {
    await page.goto(api.url);
    const row = page.locator('#item-practice-replay');
    await row.getByRole('button', { name: 'Claim' }).click();
    await page.getByText('You look after practice-replay now.').waitFor();
    await page.locator('#item-practice-replay').getByRole('button', { name: 'Replay' }).click();
    await page.getByText('practice-replay runs again').waitFor();
    await untilState('practice-replay', 'published');
  });

  it('a person approves what waits for it, and it goes out', async () => {
    await page.goto(`${api.url}/schedules/practice-approval/review`);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved; it goes out now.').waitFor();
    await untilState('practice-approval', 'published');
  });

  it('a person cancels', async () => {
    await page.goto(`${api.url}/schedules/practice-tonight/cancel`);
    await page.getByRole('button', { name: 'Cancel the publish' }).click();
    await untilState('practice-tonight', 'canceled');
  });
});
