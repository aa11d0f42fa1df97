// The three practice runs as a person meets them: what each page says, and the incident, healed by one press of a button.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '../../src/boot/context.ts';
import { type RunView, runViewSchema } from '../../src/domain/pipeline/run-view.ts';
import { makeSignInLink } from '../../src/ledger/people/sign-in-links.ts';
import { makePracticeRuns } from '../../src/practice/make-runs.ts';
import { readEnv } from '../../src/runtime/env.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { violations } from '../pages/axe.ts';
import { type Browser, openBrowser } from './browser.ts';

let stage: Stage;
let api: TestApi;
let browser: Browser;
let page: Page;
const ids = new Map<string, string>();

beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  await stage.startWorker(practiceEnv());
  await makeRuns();
  for (const { id, slug } of await runs()) ids.set(slug, id);
  browser = await openBrowser();
  page = await browser.newPage();
  const { secret } = await makeSignInLink(stage.context.ledger, stage.workspaceId);
  await page.goto(`${api.url}/sign-in/${secret}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
});
afterAll(async () => {
  await browser.close();
  await api.close();
  await stage.close();
});

const practiceEnv = () => ({ ONCEPOST_PRACTICE: '1', ONCEPOST_SANDBOX_PORT: new URL(stage.sandboxUrl).port });
const makeRuns = async () => {
  const context = await createContext(readEnv({ ...stage.env, ...practiceEnv() }));
  await makePracticeRuns(context, stage.temporal, stage.sandboxUrl).finally(() => context.close());
};
const runs = async () => (await api.client().runs.list({ pipeline: 'practice' })).runs;
const viewOf = async (slug: string): Promise<RunView> =>
  runViewSchema.parse((await api.ask('GET', `/api/runs/${ids.get(slug)}`)).body);
const visit = (slug: string) => page.goto(`${api.url}/runs/${ids.get(slug)}`);
const live = () => stage.sandbox.live({ platform: 'site' });
const creates = async () => (await stage.sandbox.calls({ platform: 'site', call: 'create_post' })).length;

describe('the practice runs', () => {
  it('stand where they are to stand, and are made once', async () => {
    const table = (await runs()).map(({ slug, state, stage: at, terminal }) => [slug, state, at, terminal]);
    expect(table).toEqual([
      ['waits-for-your-text', 'waiting', 'write', null],
      ['live-though-told-failed', 'waiting', 'approve', null],
      ['published-and-checked', 'ended', 'live_qa', 'published'],
    ]);
    const before = await creates();
    await makeRuns();
    expect([(await runs()).length, await creates(), before]).toEqual([3, 2, 2]);
  });

  it('shows the incident: live on the site, told failed, waiting for a decision', async () => {
    const { run } = await viewOf('live-though-told-failed');
    expect((await live()).map(({ url }) => url)).toContain(run.address);
    await visit('live-though-told-failed');
    const banner = await page.locator('.banner').textContent();
    expect(banner).toContain('It said: The post could not be saved: the connection to the database was lost.');
    expect(banner).toContain('the planned post there counts, and nothing is created');
    await page.getByRole('link', { name: 'publish-result.json' }).click();
    expect(await page.locator('pre.artifact').textContent()).toContain('"state": "failed"');
    await page.goBack();
  });

  it('heals it when it is approved: the page is found, nothing is created', async () => {
    await page.getByRole('button', { name: 'Approve' }).click();
    await until('it is published', async () => (await viewOf('live-though-told-failed')).run.terminal === 'published');
    expect([await creates(), (await live()).length]).toEqual([2, 2]);
    await visit('live-though-told-failed');
    const shown = await page.locator('main').innerText();
    const { address } = (await viewOf('live-though-told-failed')).run;
    expect(shown).toContain('publish · done, it was so already');
    expect(shown).toContain(`The planned post stands there: ${address}, page 2, in notes.`);
    expect(shown).toContain('an earlier call of this run made it. It went on record, and nothing was created for it.');
    expect(shown).toContain('The public page was fetched as a visitor does. All 8 checks hold.');
    await page.getByRole('link', { name: 'publish-result.json' }).first().click();
    expect(await page.locator('pre.diff ins').allTextContents()).toContain('+  "state": "published",');
  });

  it('meets no barrier on any of the pages, at any width', async () => {
    for (const path of ['/runs', ...[...ids.values()].map((id) => `/runs/${id}`)]) {
      expect(await violations(page, `${api.url}${path}`)).toEqual([]);
      for (const width of [390, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        const wider = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
        expect([path, width, wider]).toEqual([path, width, false]);
      }
    }
  });
});
