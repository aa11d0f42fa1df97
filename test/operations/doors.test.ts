// The addresses of the operations plane: the same rows for programs and for people, and what people do there (O7).
import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { violations } from '../pages/axe.ts';
import { person, visitor } from '../pages/visitor.ts';
import { type Browser, openBrowser } from '../ui/browser.ts';

let stage: Stage;
let api: TestApi;
let browser: Browser;
let sessionId: string;
let ruleId: string;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  browser = await openBrowser();
  ({ sessionId } = await person(stage, { role: 'admin' }));
  const client = api.client();
  const { path, secret } = await client.makeConnector({ name: 'my blog', kind: 'generic' });
  const rule = await client.makeRule({
    name: 'Tell of the sea',
    when: { all: [{ path: 'content.title', op: 'matches', value: '*sea*' }] },
    actions: [{ do: 'notify', says: 'It is about the sea: {content.title}' }],
  });
  ruleId = rule.id;
  for (const title of ['The sea', 'The land']) {
    const [id, at, raw] = [randomUUID(), new Date(), JSON.stringify({ title })];
    const signature = new Webhook(secret).sign(id, at, raw);
    const timestamp = String(Math.floor(at.getTime() / 1_000));
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    expect((await api.ask('POST', path, { raw, key: null, headers })).status).toBe(200);
  }
  for (let count = 0; count < 3; count += 1) await api.ask('POST', path, { raw: 'no', key: null });
});
afterAll(async () => {
  await browser.close();
  await api.close();
  await stage.close();
});

describe('programs', () => {
  it.each([
    ['/alarms', '/api/alarms'],
    ['/audit', '/api/activity'],
    ['/events', '/api/events'],
    ['/rules', '/api/rules'],
  ])('get at %s what the API answers at %s', async (short, own) => {
    const answer = await api.ask('GET', short);
    expect(answer.status).toBe(200);
    expect(JSON.stringify((await api.ask('GET', own)).body)).toBe(JSON.stringify(answer.body));
    expect((await api.ask('GET', short, { key: null })).status).toBe(401);
  });

  it.each([
    ['type=event.ingested&outcome=failure', ['event.ingested', 'event.ingested', 'event.ingested']],
    ['type=routing', ['routing.unhandled', 'routing.decided']],
    ['outcome=success&type=rule', ['rule.acted']],
    ['tool=http', []],
    ['until=2026-01-01T00:00:00Z', []],
    ['since=2126-01-01T00:00:00Z', []],
  ])('ask the trail for %s', async (query, types) => {
    const { body } = await api.ask('GET', `/audit?${query}`);
    expect((body as { events: { type: string }[] }).events.map(({ type }) => type)).toEqual(types);
  });
});

describe('people', () => {
  it('see what came in and where it went', async () => {
    const { text } = await visitor(api.url, sessionId).get('/events');
    expect(text).toContain('my blog');
    expect(text).toContain('no rule is about it');
    const unhandled = await visitor(api.url, sessionId).get('/events?routing=unhandled');
    expect(unhandled.text).toContain('The land');
    expect(unhandled.text).not.toContain('The sea');
  });

  it('disable a rule and enable it again', async () => {
    const admin = visitor(api.url, sessionId);
    expect((await admin.get('/rules')).text).toContain('fired 1 time');
    expect(await admin.post(`/rules/${ruleId}/enabled`, { enabled: 'no' })).toMatchObject({
      status: 303,
      location: '/rules',
    });
    const after = await admin.get('/rules');
    expect(after.text).toContain('&quot;Tell of the sea&quot; is disabled; events pass it by.');
    expect((await api.client().rules()).rules).toMatchObject([{ enabled: false }]);
    await admin.post(`/rules/${ruleId}/enabled`, { enabled: 'yes' });
    expect((await api.client().rules()).rules).toMatchObject([{ enabled: true }]);
  });

  it('answer an alarm, with a note and not without', async () => {
    const admin = visitor(api.url, sessionId);
    const [{ id = '' } = {}] = (await api.client().alarms()).alarms;
    await admin.post(`/alarms/${id}/answer`, { verdict: 'ack', note: ' ' });
    expect((await admin.get('/alarms')).text).toContain('An answer needs a note');
    await admin.post(`/alarms/${id}/answer`, { verdict: 'ack', note: 'I asked them.' });
    const { text } = await admin.get('/alarms');
    expect(text).toContain('looks after it: I asked them.');
    expect(text).toContain('Correct the sender, and have it send again.');
  });

  it('are led from /audit to the same rows', async () => {
    const seen = await visitor(api.url, sessionId).get('/audit?trace_id=x&type=event');
    expect(seen).toMatchObject({ status: 303, location: '/activity?trace=x&type=event' });
  });

  it('meet no barrier on any of the pages, at any width', async () => {
    const page = await browser.newPage();
    await page.context().addCookies([{ name: 'oncepost_session', value: sessionId, url: api.url }]);
    for (const path of ['/alarms', '/events', '/rules', '/activity']) {
      expect(await violations(page, `${api.url}${path}`)).toEqual([]);
      for (const width of [390, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        const wider = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
        expect([path, width, wider]).toEqual([path, width, false]);
      }
    }
  });
});
