// The recovery pages as people use them: without JavaScript, with it, by keyboard alone, and read by a machine that looks for
// what shuts people out.
import { randomUUID } from 'node:crypto';
import axe from 'axe-core';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeHold } from '../../src/ledger/holds/holds.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { type Placed, place, placeAccount } from '../recovery/place.ts';
import { type Browser, openBrowser } from '../ui/browser.ts';
import { newPerson, type Person, signIn, visitor } from './person.ts';

describe('the recovery pages', () => {
  let stage: Stage;
  let api: TestApi;
  let browser: Browser;
  let olga: Person;
  let dead: string;
  let fine: string;
  beforeAll(async () => {
    stage = await openStage();
    await stage.startWorker();
    api = await openApi(stage);
    browser = await openBrowser();
    olga = await newPerson(stage, 'operator', 'Olga Operator');
    dead = await placeAccount(stage, { name: 'dead', status: 'reconnect_required' });
    fine = await placeAccount(stage, { name: 'fine' });
    for (const id of ['n1', 'n2', 'n3']) {
      await place(stage, { id, state: 'failed', cause: 'auth_expired', accountId: dead, text: `Night post ${id}` });
    }
    await place(stage, { id: 'unsure', state: 'unconfirmed', cause: 'unknown', accountId: fine, openIntent: true });
    await place(stage, {
      id: 'shown',
      state: 'failed',
      cause: 'media_invalid',
      accountId: fine,
      withMedia: true,
      text: '<b>bold</b>',
    });
    await place(stage, { id: 'waits', state: 'retry_later', cause: 'rate_limited', accountId: fine });
    await place(stage, { id: 'done', state: 'published', accountId: fine });
  });
  afterAll(async () => {
    await browser.close();
    await api.close();
    await stage.close();
  });

  /** As `place`, under the workflow id by which its run finds it. */
  const placeRunnable = async (wanted: Placed & { readonly id: string }) => {
    await place(stage, wanted);
    const { db } = stage.context.ledger;
    await db
      .update(schedules)
      .set({ workflowId: workflowIdOf(wanted.id) })
      .where(eq(schedules.id, wanted.id));
  };
  const stateOf = async (id: string) => {
    const [row] = await stage.context.ledger.db.select().from(schedules).where(eq(schedules.id, id));
    return row;
  };
  const open = async (path: string, person = olga): Promise<Page> => {
    const page = await browser.newPage();
    await signIn(page, api.url, person);
    await page.goto(`${api.url}${path}`);
    return page;
  };

  it('say what broke, who owns it, whether it is live and what to do next, and nothing of a post is taken for markup', async () => {
    const page = await open('/');
    const row = page.locator('#item-shown');
    expect(await row.innerText()).toContain('<b>bold</b>');
    expect(await row.innerText()).toContain('The media is malformed');
    expect(await row.innerText()).toContain('media_invalid');
    expect(await row.innerText()).toContain('Not live');
    expect(await row.innerText()).toContain('nightly pipeline');
    expect(await row.getByRole('link', { name: 'Review the media' }).getAttribute('href')).toBe(
      '/schedules/shown/media',
    );
    expect(await page.locator('#item-unsure').innerText()).toContain('Live or not: unknown');
    expect(await page.locator('#item-waits').innerText()).toContain('It retries by itself.');
    expect(await page.locator('#item-done').count()).toBe(0);
    await page.close();
  });

  it('group failures into an incident with its one repair, and hold back its replay until then', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: '3 of dead' }).click();
    expect(await page.locator('main').innerText()).toContain('One reconnect repairs 3.');
    const button = page.getByRole('button', { name: 'Replay 3 together' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await page.locator('#why-together').innerText()).toBe(
      'Reconnect the account first: they would only be refused again.',
    );
    await page.close();
  });

  it('find by filters that stand in the address, and say which they did not understand', async () => {
    const page = await open('/');
    await page.getByText('Filter and order').click();
    await page.getByLabel('Text or id').fill('night post N2');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(new URL(page.url()).searchParams.get('text')).toBe('night post N2');
    expect(await page.locator('li.row').evaluateAll((rows) => rows.map(({ id }) => id))).toEqual(['item-n2']);
    await page.goto(`${api.url}/?cause=nonsense&from=31.12.2026&platform=x`);
    expect(await page.locator('.notice').innerText()).toBe('Not understood and left out: cause, from.');
    await page.goto(`${api.url}/schedules?state=published`);
    expect(await page.locator('li.row').evaluateAll((rows) => rows.map(({ id }) => id))).toEqual(['item-done']);
    await page.close();
  });

  it('show a hold as a banner: the reason, who, and how many it keeps back', async () => {
    const { ledger } = stage.context;
    const actor = { type: 'USER', id: olga.userId, label: olga.name } as const;
    const target = { scope: 'account', accountId: dead } as const;
    await placeHold(ledger, { workspaceId: stage.workspaceId, target, reason: 'A wrong price', actor });
    await place(stage, { id: 'kept', state: 'held', accountId: dead });
    const { text } = await visitor(api.url, olga).get('/');
    const words = text.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ');
    expect(words).toMatch(
      /dead is on hold: A wrong price\. Olga Operator, since .* It keeps back one publish by now\./,
    );
  });

  it('find, claim and replay by keyboard alone', async () => {
    const account = await stage.connectSandboxAccount({
      platform: 'x',
      name: 'keys',
      settings: { quota: 'unlimited' },
    });
    await placeRunnable({
      id: 'by-keys',
      state: 'failed',
      cause: 'publish_failed',
      accountId: account.id,
      failedMinutesAgo: 1,
      text: 'By keys',
    });
    const page = await open('/');
    const focused = () => page.evaluate(`document.activeElement?.textContent?.trim() ?? ''`);
    const tabTo = async (words: string) => {
      for (let tabs = 0; tabs < 60 && (await focused()) !== words; tabs += 1) await page.keyboard.press('Tab');
      expect(await focused()).toBe(words);
    };
    await tabTo('By keys');
    await page.keyboard.press('j');
    expect(await focused()).not.toBe('By keys');
    await page.keyboard.press('k');
    expect(await focused()).toBe('By keys');
    await tabTo('Claim');
    await page.keyboard.press('Enter');
    await page.getByText('You look after by-keys now.').waitFor();
    expect(await page.locator('#item-by-keys').innerText()).toContain('Olga Operator claimed it');
    await tabTo('By keys');
    await tabTo('Replay');
    await page.keyboard.press('Enter');
    await page.getByText('by-keys runs again').waitFor();
    await until('it is live', async () => (await stateOf('by-keys'))?.state === 'published');
    await page.close();
  });

  it('replay an incident together without JavaScript, and report each verdict', async () => {
    const account = await stage.connectSandboxAccount({
      platform: 'x',
      name: 'together',
      settings: { quota: 'unlimited' },
    });
    for (const id of ['t1', 't2']) {
      await placeRunnable({
        id,
        state: 'failed',
        cause: 'publish_failed',
        accountId: account.id,
        text: `Together ${id}`,
      });
    }
    const anna = visitor(api.url, olga);
    const address = `/incidents/${account.id}/publish_failed`;
    expect((await anna.get(address)).text).toContain('Replay 2 together');
    const refused = await anna.post(`${address}/replay`, { pace: 'every', minutes: '0' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(
      'Choose a pace: minutes from 1 to 10080, or a day and a time to spread until. Nothing was changed.',
    );
    const asked = await anna.post(`${address}/replay`, { pace: 'at_once', note: 'after the outage' });
    expect(asked).toMatchObject({ status: 303, location: expect.stringMatching(/^\/batches\/[0-9a-f-]{36}$/) });
    const report = async () => (await anna.get(asked.location ?? '')).text;
    await until('both had their turn', async () => (await report()).includes('2 of 2 had their turn'));
    await until(
      'both are live',
      async () => (await stateOf('t1'))?.state === 'published' && (await stateOf('t2'))?.state === 'published',
    );
    expect((await report()).match(/<td>Replayed<\/td>/g)).toHaveLength(2);
    expect(await stateOf('t1')).toMatchObject({ lastActor: { label: 'Olga Operator' } });
  });

  it('let a person cancel, reschedule, hand over and decide, each on a page of its own without JavaScript', async () => {
    const anna = visitor(api.url, olga);
    for (const id of ['w1', 'w2', 'w3'])
      await place(stage, { id, state: 'failed', cause: 'publish_failed', accountId: fine });
    expect((await anna.get('/schedules/w1/cancel')).text).toContain('It will not be published any more');
    expect(await anna.post('/schedules/w1/cancel', { note: 'a typo' })).toMatchObject({
      status: 303,
      location: '/schedules/w1',
    });
    expect(await stateOf('w1')).toMatchObject({
      state: 'canceled',
      lastActor: { type: 'USER', label: 'Olga Operator' },
    });
    expect((await anna.get('/schedules/w1')).text).toContain('a typo');
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
    expect((await anna.post('/schedules/w2/reschedule', { publishAt: 'soon' })).status).toBe(422);
    expect((await anna.post('/schedules/w2/reschedule', { publishAt: day })).status).toBe(303);
    expect((await stateOf('w2'))?.publishAt.toISOString()).toBe(`${day}:00.000Z`);
    expect((await anna.post('/schedules/w3/handoff', { owner: 'Hanna', reason: 'a film' })).status).toBe(303);
    expect(await stateOf('w3')).toMatchObject({ state: 'handoff_pending' });
    expect((await anna.post('/schedules/unsure/resolve', { verdict: 'live', evidence: 'seen' })).text).toContain(
      'Name the post&#39;s id',
    );
    expect(
      (await anna.post('/schedules/unsure/resolve', { picked: '123 https://x.com/i/web/status/123' })).status,
    ).toBe(303);
    expect(await stateOf('unsure')).toMatchObject({ state: 'published' });
    expect((await anna.get('/schedules/unsure')).text).toContain('a person found it');
  });

  it('take a post in by a plain form, and say what the destination would refuse', async () => {
    const account = await stage.connectSandboxAccount({
      platform: 'x',
      name: 'new-posts',
      settings: { quota: 'unlimited' },
    });
    const page = await open('/schedules/new');
    await page.getByLabel('Account').selectOption(account.id);
    await page.getByLabel('Text', { exact: true }).fill('x'.repeat(30_0));
    await page.locator('#check li.bad').first().waitFor();
    expect(await page.locator('#check').innerText()).toContain('300 of 280 weighted characters, 20 too many');
    expect(await page.locator('#check').innerText()).toContain('X would not take it');
    await page.getByLabel('Text', { exact: true }).fill('Hello from a form');
    await page.getByText('X takes it as it is.').waitFor();
    await page.getByRole('button', { name: 'Hand it over' }).click();
    await page.getByText('It is taken in').waitFor();
    const id = page.url().split('/').at(-1) ?? '';
    await until('it is live', async () => (await stateOf(id))?.state === 'published');
    const anna = visitor(api.url, olga);
    const refused = await anna.post('/schedules/new', { account: account.id, text: '' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Nothing was stored');
    await page.close();
  });

  it('show the audit trail with its chain, by type and by schedule', async () => {
    const anna = visitor(api.url, olga);
    const { text } = await anna.get('/activity?schedule=w1');
    expect(text).toContain('schedule.canceled');
    expect(text).toContain('The chain holds from its beginning');
    expect((await anna.get('/activity?type=hold')).text).toContain('hold.placed');
    expect((await anna.get('/activity?type=hold')).text).not.toContain('schedule.canceled');
  });

  it('refuse a role that is too low, a foreign form, and everything of another workspace', async () => {
    const vera = await newPerson(stage, 'viewer', 'Vera Viewer');
    const viewer = visitor(api.url, vera);
    const home = (await viewer.get('/')).text;
    expect(home).not.toContain('>Claim<');
    expect((await viewer.get('/schedules/n1')).text).toContain('This needs the role operator.');
    expect(await viewer.post('/schedules/n1/cancel')).toMatchObject({
      status: 403,
      text: expect.stringContaining('needs the role operator'),
    });
    expect((await viewer.post(`/incidents/${dead}/auth_expired/replay`)).status).toBe(403);
    const anna = visitor(api.url, olga);
    expect((await anna.post('/schedules/n1/cancel', {}, 'forged')).status).toBe(403);
    expect(await stateOf('n1')).toMatchObject({ state: 'failed' });
    const others = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: others, name: 'others', createdAt: new Date() });
    const stranger = visitor(api.url, await newPerson(stage, 'admin', 'Stan Stranger', others));
    const foreign = [
      '/schedules/n1',
      '/schedules/n1/cancel',
      `/incidents/${dead}/auth_expired`,
      `/batches/${randomUUID()}`,
      '/batches/nonsense',
      '/incidents/nonsense/auth_expired',
    ];
    for (const path of foreign) expect((await stranger.get(path)).status, path).toBe(404);
    expect((await stranger.post('/schedules/n1/cancel')).status).toBe(404);
    expect((await stranger.get('/activity?schedule=n1')).text).toContain('Nothing matches.');
    expect((await stranger.get('/')).text).toContain('No publish needs anybody.');
  });

  it('refresh their rows without stealing the focus or what was opened, and say when they cannot', async () => {
    const page = await open('/');
    await page.locator('#item-n2 .excerpt').focus();
    await stage.context.ledger.db
      .update(schedules)
      .set({ recoveryOwner: { type: 'USER', id: 'u', label: 'Otto' } })
      .where(eq(schedules.id, 'n2'));
    const refresh = () => page.evaluate(`document.querySelector('#items').dispatchEvent(new CustomEvent('refresh'))`);
    await refresh();
    await page.locator('#item-n2').getByText('Otto').waitFor();
    expect(await page.evaluate(`document.activeElement.closest('li').id`)).toBe('item-n2');
    await page.route('**/*', (route) => route.abort());
    await refresh();
    await page.getByText('Updates are paused since').waitFor();
    await page.unroute('**/*');
    await refresh();
    await until('they go on', async () => (await page.locator('#paused').innerText()) === '');
    await page.close();
  });

  it('shut nobody out, by day and by night, on a phone and on a wide screen', async () => {
    const paths = [
      '/',
      `/incidents/${dead}/auth_expired`,
      '/schedules/n1',
      '/schedules/n1/cancel',
      '/schedules',
      '/schedules/new',
      '/activity',
    ];
    const page = await open('/');
    for (const [colorScheme, width] of [
      ['light', 1_600],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const path of paths) {
        await page.goto(`${api.url}${path}`);
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${path} at ${width}`).toBeLessThanOrEqual(
          width,
        );
        await page.evaluate(axe.source);
        const found = await page.evaluate(
          "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))",
        );
        expect(found, `${path} ${colorScheme}`).toEqual([]);
      }
    }
    await page.close();
  });

  it('weigh at most 60 KB with fifty rows that can be claimed and replayed', async () => {
    const heavy = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: heavy, name: 'heavy', createdAt: new Date() });
    const accountId = await placeAccount(stage, { name: 'heavy', workspaceId: heavy });
    const text =
      'A text that is as long as an excerpt may become, so that the row is as heavy as rows can be in practice, with an ending. '.repeat(
        2,
      );
    for (let index = 0; index < 60; index += 1) {
      await place(stage, { state: 'failed', cause: 'publish_failed', accountId, text, withMedia: true }, heavy);
    }
    const hugo = await newPerson(stage, 'operator', 'Hugo Heavy', heavy);
    const { text: page } = await visitor(api.url, hugo).get('/?show=person');
    expect(page.match(/<li class="row"/g)).toHaveLength(50);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(60 * 1_024);
    expect(page).toContain('Next 10 of 60');
  });
});
