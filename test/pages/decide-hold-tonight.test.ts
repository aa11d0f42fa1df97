// The pages for editing, deciding, holding, and looking ahead, as somebody without scripts uses them, and as axe-core sees them.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { serveMedia } from '../harness/media-files.ts';
import { signIn } from '../harness/signed-in.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { taken } from '../publishing/passes.ts';
import { place, placeAccount } from '../recovery/place.ts';
import { openBrowser } from '../ui/browser.ts';
import { failedPublish, openShop, scheduleOf, untilState } from '../workflow/shop.ts';
import { violations } from './axe.ts';
import { openPages, type TestPages, type Visitor } from './plain-browser.ts';

let stage: Stage;
let pages: TestPages;
let olga: Visitor;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  pages = await openPages(stage);
  olga = await pages.admin();
});
afterAll(async () => {
  await pages.close();
  await stage.close();
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('signing in', () => {
  it('by a link works once, and whoever is not signed in is led to the page that says how', async () => {
    const path = await pages.signInPath();
    const person = pages.stranger();
    expect(await person.open('/holds')).toMatchObject({ path: '/sign-in?back=%2Fholds' });
    await person.open(path);
    expect(await person.send(path)).toMatchObject({ status: 200, path: '/' });
    const second = pages.stranger();
    await second.open(path);
    const used = await second.send(path);
    expect(used.status).toBe(410);
    expect(used.text).toContain('works once');
  });

  it('ends with the session: what was open before leads to the sign-in page', async () => {
    const person = await pages.admin();
    await person.open('/');
    await person.send('/sign-out');
    expect((await person.open('/')).path).toBe('/sign-in');
  });

  it('gives a form of another session, or of another site, no power', async () => {
    const [person, other] = [await pages.admin(), await pages.admin()];
    await other.open('/holds');
    const stolen = /name="csrf" value="([0-9a-f]+)"/.exec((await other.open('/holds')).text)?.[1] ?? '';
    const fields = { target: 'workspace', reason: 'x' };
    for (const csrf of [{}, { csrf: '' }, { csrf: stolen }]) {
      expect((await person.post('/holds', { ...fields, ...csrf })).status).toBe(403);
    }
    const own = /name="csrf" value="([0-9a-f]+)"/.exec((await person.open('/holds')).text)?.[1] ?? '';
    const foreign = await person.post('/holds', { ...fields, csrf: own }, { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
    expect((await olga.open('/holds')).text).toContain('Nothing is on hold');
  });
});

describe('the page of holds', () => {
  it('stops an account with a reason, shows it, and lets it go', async () => {
    const shop = await openShop(stage);
    await olga.open('/holds');
    expect((await olga.send('/holds', { target: `account ${shop.id}`, reason: '' })).text).toContain('needs a reason');
    const placed = await olga.send('/holds', { target: `account ${shop.id}`, reason: 'An accident in the news' });
    expect(placed.text).toContain('An accident in the news');
    const scheduleId = await taken(stage, shop);
    await stage.temporal.workflow.start('publish', {
      workflowId: `publish/sandbox/${scheduleId}`,
      taskQueue: stage.taskQueue,
      args: [{ scheduleId }],
    });
    await untilState(stage, scheduleId, 'held');
    expect((await olga.open('/connections')).text).toContain('It keeps back one publish by now.');
    const [, id] = /action="\/holds\/([0-9a-f-]+)\/release"/.exec((await olga.open('/holds')).text) ?? [];
    const late = await pages.admin();
    await late.open('/holds');
    const released = await olga.send(`/holds/${id}/release`, {
      pace: 'at_once',
      minutes: '',
      until: '',
      notOlderThan: '',
    });
    expect(released.text).toContain('Released: 1 go out');
    const again = await late.send(`/holds/${id}/release`, { pace: 'at_once' });
    expect(again.text).toContain('Somebody has released it meanwhile, so nothing was changed.');
    await untilState(stage, scheduleId, 'published');
    expect(await shop.live()).toHaveLength(1);
  });
});

describe('the page of a hold', () => {
  it('shows what is late, the oldest due first, before it asks how that goes out', async () => {
    const shop = await openShop(stage);
    await olga.open('/holds');
    await olga.send('/holds', { target: `account ${shop.id}`, reason: 'The news' });
    for (let made = 0; made < 12; made += 1) {
      const [publishAt, text] = [new Date(Date.now() - 3_600_000 + made * 60_000), `Late post ${made}.`];
      await place(stage, { state: 'held', accountId: shop.id, publishAt, text });
    }
    const { text } = await olga.open('/holds');
    const places = Array.from({ length: 12 }, (_, made) => text.indexOf(`Late post ${made}.`));
    expect(places.slice(0, 10)).toEqual(places.slice(0, 10).toSorted((one, other) => one - other));
    expect(places.map((found) => found > 0)).toEqual([...Array(10).fill(true), false, false]);
    expect(places[9]).toBeLessThan(text.indexOf('What is late goes out'));
    const [, all = ''] = /href="(\/schedules\?state=held[^"]+)">All 12,/.exec(text) ?? [];
    const listed = (await olga.open(all.replaceAll('&amp;', '&'))).text;
    expect(listed.match(/Late post \d+\./g)).toHaveLength(12);
  });

  it('warns of a delivery set that no post names', async () => {
    await olga.open('/holds');
    const placed = await olga.send('/holds', { target: 'delivery_set', deliverySet: 'lunch', reason: 'The news' });
    expect(placed.text).toContain('No post names that delivery set yet');
    const shop = await openShop(stage);
    await taken(stage, shop, {
      publishAt: inAnHour(),
      text: 'Of the lunch',
      deliverySet: { id: 'lunch', memberCount: 1 },
    });
    await taken(stage, shop, { publishAt: inAnHour(), text: 'Of none' });
    const found = (await olga.open('/schedules?deliverySet=lunch')).text;
    expect([found.includes('Of the lunch'), found.includes('Of none')]).toEqual([true, false]);
  });
});

describe('the page of an edit', () => {
  it('makes a new version, and shows what does not fit beside the field with what was typed', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour() });
    const path = `/schedules/${scheduleId}/edit`;
    await olga.open(path);
    const row = await scheduleOf(stage, scheduleId);
    const form = {
      publishAt: row?.publishAt.toISOString().slice(0, 16) ?? '',
      publishBefore: '',
      accountId: shop.id,
      options: '{}',
    };
    const long = await olga.send(path, { ...form, text: 'x'.repeat(300) });
    expect(long.status).toBe(422);
    expect(long.text).toContain('weighs 300 characters');
    await olga.send(path, { ...form, text: 'The better words' });
    expect(await scheduleOf(stage, scheduleId)).toMatchObject({ content: { text: 'The better words' } });
  });

  it('says of a failed post that the new version goes out once it is replayed', async () => {
    const { shop, scheduleId } = await failedPublish(stage);
    const path = `/schedules/${scheduleId}/edit`;
    await olga.open(path);
    const publishAt = (await scheduleOf(stage, scheduleId))?.publishAt.toISOString().slice(0, 16) ?? '';
    const form = { publishAt, publishBefore: '', accountId: shop.id, options: '{}' };
    const { text } = await olga.send(path, { ...form, text: 'The better words' });
    expect(text).toContain('The new version stands; it goes out once it is replayed.');
  });

  it('shows the second of two editors what the first has made of it', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour() });
    const path = `/schedules/${scheduleId}/edit`;
    const anna = await pages.admin();
    await anna.open(path);
    await olga.open(path);
    const row = await scheduleOf(stage, scheduleId);
    const form = {
      publishAt: row?.publishAt.toISOString().slice(0, 16) ?? '',
      publishBefore: '',
      accountId: shop.id,
      options: '{}',
    };
    await anna.send(path, { ...form, text: "Anna's words" });
    const late = await olga.send(path, { ...form, text: "Olga's words" });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Anna&#39;s words');
    expect(late.text).toContain('Olga&#39;s words');
  });
});

describe('the page of a review', () => {
  it('approves exactly what it shows, and the publish goes on', async () => {
    const shop = await openShop(stage);
    const scheduleId = `review-${randomUUID().slice(0, 8)}`;
    await stage.startPublish({ account: shop.name, text: 'Please approve', approvalRequired: true }, scheduleId);
    await untilState(stage, scheduleId, 'blocked');
    const page = await olga.open(`/schedules/${scheduleId}/review`);
    expect(page.text).toContain('Please approve');
    const decided = await olga.send(`/schedules/${scheduleId}/decisions`, { verdict: 'approved', note: '' });
    expect(decided.text).toContain('Approved; it goes out now.');
    await untilState(stage, scheduleId, 'published');
    expect(await shop.live()).toHaveLength(1);
  });

  it('makes a link that is told once', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour(), approvalRequired: true });
    const path = `/schedules/${scheduleId}/review`;
    await olga.open(path);
    const ends = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
    const made = await olga.send(`/schedules/${scheduleId}/review-links`, { label: 'The client', expiresAt: ends });
    const [, link] = /href="(http[^"]+\/review\/[^"]+)"/.exec(made.text) ?? [];
    expect(link).toBeDefined();
    expect((await olga.open(path)).text).not.toContain(link);
    expect((await pages.stranger().open(new URL(link ?? '').pathname)).text).toContain('Would you approve this post?');
  });

  it('shows a reviewer without an account the pictures, and nobody else', async () => {
    const files = await serveMedia();
    const shop = await openShop(stage);
    const media = [files.item('sample.jpg')];
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour(), approvalRequired: true, media });
    await olga.open(`/schedules/${scheduleId}/review`);
    const ends = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
    const made = await olga.send(`/schedules/${scheduleId}/review-links`, { label: 'The client', expiresAt: ends });
    const [, link = ''] = /href="(http[^"]+\/review\/[^"]+)"/.exec(made.text) ?? [];
    const client = pages.stranger();
    const shown = await client.open(new URL(link).pathname);
    const [, picture = ''] = /<img src="([^"]+)"/.exec(shown.text) ?? [];
    expect(picture).toMatch(/\/media\/1\/picture$/);
    const seen = await client.open(picture);
    expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await client.open(picture.replace('/media/1/', '/media/2/'))).status).toBe(404);
    const file = await client.open(picture.replace(/picture$/, 'file'));
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${scheduleId}-1.jpeg"`);
    await client.open(new URL(link).pathname);
    await client.send(new URL(link).pathname, { name: 'Rita', verdict: 'rejected' });
    expect((await client.open(picture)).status).toBe(404);
    await files.close();
  });
});

describe('the form of a new post', () => {
  it('says its last moment, which is refused where it lies before its time', async () => {
    const shop = await openShop(stage);
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16);
    await olga.open('/schedules/new');
    const form = { account: shop.id, text: 'Before noon', publishAt: at(2) };
    const refused = await olga.send('/schedules/new', { ...form, publishBefore: at(1) });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('publishBefore must lie after the time it is due');
    const id = randomUUID();
    await olga.send('/schedules/new', { ...form, id, publishBefore: at(3) });
    expect((await scheduleOf(stage, id))?.publishBefore?.toISOString().slice(0, 16)).toBe(at(3));
  });
});

describe('the page of tonight', () => {
  it('shows what will stop a post, with the way to repair it', async () => {
    const [shop, fine] = [await openShop(stage), await openShop(stage)];
    const broken = await taken(stage, shop, { publishAt: inAnHour(), text: 'Its account is dead' });
    await taken(stage, fine, { publishAt: inAnHour(), text: 'Nothing is in its way' });
    const { db } = stage.context.ledger;
    await db.update(connectedAccounts).set({ status: 'reconnect_required' }).where(eq(connectedAccounts.id, shop.id));
    const before = await olga.open('/tonight');
    expect(before.text).toContain('Its account is dead');
    expect(before.text).toContain(`href="/connections/${shop.id}"`);
    expect((await olga.send('/tonight')).text).toContain('media included');
    expect(await scheduleOf(stage, broken)).toMatchObject({ state: 'queued' });
  });

  it('counts all of the night, shows a hundred at a time, and lets only an operator have it looked at', async () => {
    const accountId = await placeAccount(stage, { name: 'many' });
    const publishAt = new Date(Date.now() + 7_200_000);
    for (let made = 0; made < 110; made += 1) await place(stage, { state: 'queued', accountId, publishAt });
    const first = (await olga.open('/tonight')).text;
    const [, due] = /(\d+) posts are due in the next 24 hours; /.exec(first) ?? [];
    expect(Number(due)).toBeGreaterThan(110);
    const [, next = ''] = /href="(\/tonight\?after=[^"]+)" rel="next"/.exec(first) ?? [];
    const second = (await olga.open(next)).text;
    expect(second).toContain(`${due} posts are due`);
    const rows = [first, second].map((text) => text.match(/<li class="row">/g)?.length);
    expect(rows).toEqual([100, Number(due) - 100]);
    await olga.open('/tonight');
    expect((await olga.send('/tonight')).text).toContain('All of it is being looked at');
    const viewer = await signIn(stage, pages.url);
    await viewer.become('viewer');
    expect(await (await viewer.get('/tonight')).text()).not.toContain('Look again now');
    expect((await viewer.post('/tonight', {})).status).toBe(403);
    await viewer.become('admin');
  });
});

describe('in real Chromium', () => {
  it('no page of these has a violation that axe-core finds', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour(), approvalRequired: true });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${pages.url}${await pages.signInPath()}`);
      await page.click('button.main');
      await page.waitForURL(`${pages.url}/`);
      const paths = [
        '/',
        '/holds',
        '/tonight',
        `/schedules/${scheduleId}/edit`,
        `/schedules/${scheduleId}/review`,
        '/no-such-page',
      ];
      for (const path of paths) expect(await violations(page, `${pages.url}${path}`), path).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
