// A post that a person publishes by hand: the pack, its files, and the record of it.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import axe from 'axe-core';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Entry, fromBuffer } from 'yauzl';
import type { MediaItem } from '../../src/domain/schedules/post.ts';
import { uncheckedHandoffs } from '../../src/ledger/schedules/handoffs.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { clientOfNobody, openApi, type TestApi } from '../api/open-api.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { oncepost } from '../harness/program.ts';
import { type SignedIn, signIn } from '../harness/signed-in.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { place, placeAccount } from '../recovery/place.ts';
import { openBrowser } from '../ui/browser.ts';
import { ask, failedPublish } from '../workflow/shop.ts';

let stage: Stage;
let api: TestApi;
let files: MediaFiles;
let person: SignedIn;
let accountId: string;
let site: Server;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  files = await serveMedia();
  person = await signIn(stage, api.url);
  accountId = await placeAccount(stage, { name: 'acme-x' });
  site = createServer((request, response) => {
    response.writeHead(request.url === '/gone' ? 404 : 200).end('a page');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  site.close();
  await files.close();
  await api.close();
  await stage.close();
});

const sitePage = (path: string) => `http://127.0.0.1:${(site.address() as AddressInfo).port}${path}`;

/** A post that waits for a person, with this text and these media. */
async function handed(
  text: string,
  media: readonly MediaItem[] = [],
  state: 'handoff_pending' | 'failed' = 'handoff_pending',
) {
  const id = await place(stage, { state, accountId, id: `h-${randomUUID().slice(0, 8)}` });
  await stage.context.ledger.db
    .update(schedules)
    .set({ content: { text, media: [...media] } })
    .where(eq(schedules.id, id));
  return id;
}

const packOf = (id: string) => api.client().handoff(id);

describe('a pack', () => {
  it('tells why, for whom, and what counts against the limit as the platform counts it', async () => {
    const picture = { ...files.item('sample.jpg'), altText: 'A red square' };
    const id = await handed('See https://example.com/a/very/long/path/that/counts/as/twenty-three 😀', [picture]);
    expect(await packOf(id)).toMatchObject({
      scheduleId: id,
      state: 'handoff_pending',
      platformLabel: 'X',
      account: { name: 'acme-x' },
      handoff: { reason: 'operator_decision', note: 'by hand', owner: null },
      textCounts: [{ what: 'weighted characters', used: 30, limit: 280 }],
      assets: [
        {
          number: 1,
          fileName: `${id}-01.jpg`,
          mediaType: 'image/jpeg',
          sizeBytes: picture.sizeBytes,
          altText: 'A red square',
        },
      ],
      completion: null,
    });
  });

  it('shows on its page the text, the alternative text and the way to each file', async () => {
    const id = await handed('<b>Not bold</b>', [{ ...files.item('sample.jpg'), altText: 'A "red" square' }]);
    const page = await (await person.get(`/handoff/${id}`)).text();
    expect(page).toContain('&lt;b&gt;Not bold&lt;/b&gt;');
    expect(page).toContain('A &quot;red&quot; square');
    expect(page).toContain(`/handoff/${id}/assets/1`);
    expect(page).toContain('15 of 280 weighted characters');
  });

  it('is given to a person with a typed reason, which the record keeps', async () => {
    const id = await handed('Hello', [], 'failed');
    const pack = await api.client().handOff(id, { reason: 'account_unreachable', owner: 'Rita', note: 'since Monday' });
    expect(pack.handoff).toMatchObject({
      reason: 'account_unreachable',
      owner: { type: 'SELF_DECLARED', label: 'Rita' },
      note: 'since Monday',
    });
    expect(pack.state).toBe('handoff_pending');
    const events = await stage.context.ledger.db.select().from(auditEvents).where(eq(auditEvents.scheduleId, id));
    expect(events.at(-1)).toMatchObject({
      type: 'schedule.handed_off',
      payload: { reason: 'account_unreachable', note: 'since Monday' },
    });
  });

  it('keeps the free words of the Temporal UI as a note', async () => {
    const id = await handed('Hello', [], 'failed');
    const answer = await api.ask('POST', `/api/schedules/${id}/handoff`, { json: { reason: 'because I say so' } });
    expect(answer.status).toBe(422);
    const page = await person.submit(`/schedules/${id}/handoff`, { reason: 'because I say so' });
    expect(page).toContain('It waits for a person now.');
    expect((await packOf(id)).handoff).toMatchObject({ reason: 'operator_decision', note: 'because I say so' });
  });
});

describe('the files', () => {
  it('come one by one and as a ZIP with the texts, byte for byte', async () => {
    const media = [{ ...files.item('sample.jpg'), altText: 'Red' }, files.item('sample.mp4')];
    const id = await handed('The text', media);
    const one = await person.get(`/handoff/${id}/assets/2`);
    expect(one.headers.get('content-disposition')).toBe(`attachment; filename="${id}-02.mp4"`);
    const video = Buffer.from(await one.arrayBuffer());
    expect(video).toEqual(await fetched(media[1]?.url ?? ''));
    for (const zip of [await person.get(`/handoff/${id}/assets.zip`), await keyed(`/api/handoffs/${id}/assets.zip`)]) {
      const unpacked = await unzip(Buffer.from(await zip.arrayBuffer()));
      expect([...unpacked.keys()]).toEqual([`${id}.txt`, `${id}-01.jpg`, `${id}-02.mp4`]);
      expect(unpacked.get(`${id}-01.jpg`)).toEqual(await fetched(media[0]?.url ?? ''));
      expect(unpacked.get(`${id}-02.mp4`)).toEqual(video);
      expect(unpacked.get(`${id}.txt`)?.toString()).toContain('The text');
    }
  });

  it('that cannot be had are told in a sentence, and break the ZIP off instead of leaving them out', async () => {
    const gone = { url: sitePage('/gone'), mediaType: 'image/jpeg', sizeBytes: 10 } as const;
    const id = await handed('The text', [files.item('sample.jpg'), gone]);
    const one = await keyed(`/api/handoffs/${id}/assets/2`);
    expect(one.status).toBe(409);
    expect(await one.json()).toMatchObject({ error: { code: 'media_unavailable' } });
    expect((await person.get(`/handoff/${id}/assets/2`)).status).toBe(409);
    const zip = await person.get(`/handoff/${id}/assets.zip`);
    await expect(zip.arrayBuffer()).rejects.toThrow();
  });

  it('of another workspace, and ids that are paths, are not there', async () => {
    const id = await handed('Secret', [files.item('sample.jpg')]);
    const foreign = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: foreign, name: 'other', createdAt: new Date() });
    const stranger = await signIn(stage, api.url, foreign);
    const key = await api.newKey(undefined, foreign);
    const paths = [`/handoff/${id}`, `/handoff/${id}/assets/1`, `/handoff/${id}/assets.zip`, `/schedules/${id}/media`];
    for (const path of [...paths, `/schedules/${id}/media/1/picture`]) {
      expect((await stranger.get(path)).status).toBe(404);
      expect((await person.get(path)).status).toBe(200);
    }
    for (const path of [`/api/handoffs/${id}`, `/api/handoffs/${id}/assets/1`, `/api/schedules/${id}/media`]) {
      expect((await api.ask('GET', path, { key })).status).toBe(404);
    }
    for (const path of ['..%2f..%2fetc%2fpasswd', '%00', `${id}%2f..`]) {
      expect((await person.get(`/handoff/${path}`)).status).toBe(404);
      expect((await api.ask('GET', `/api/handoffs/${path}`)).status).toBe(404);
    }
    for (const number of ['0', '2', '-1', '1e0', '01', '%2e%2e']) {
      expect((await person.get(`/handoff/${id}/assets/${number}`)).status).toBe(404);
      expect((await person.get(`/schedules/${id}/media/${number}/picture`)).status).toBe(404);
    }
  });
});

describe('the command line', () => {
  it('shows the pack, records it as done, and tells a refusal in one sentence', async () => {
    const id = await handed('From the terminal');
    const env = { ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key };
    const shown = await oncepost(['handoff', 'show', id], env);
    expect(shown.stdout).toContain('From the terminal');
    expect(shown.stdout).toContain('17 of 280 weighted characters');
    const done = await oncepost(['handoff', 'complete', id, '--url', 'https://x.com/acme/status/1', '--json'], env);
    expect(JSON.parse(done.stdout)).toMatchObject({ completion: { url: 'https://x.com/acme/status/1' } });
    const again = await oncepost(['handoff', 'complete', id], env);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('or what was recorded first stands.') });
  });
});

describe('the pages', () => {
  it('pass the rules of accessibility on a phone, by day and by night', async () => {
    const id = await handed('For whoever cannot see it', [{ ...files.item('sample.jpg'), altText: 'A square' }]);
    const failed = await handed('For whoever cannot see it', [files.item('sample.png')], 'failed');
    const browser = await openBrowser();
    const page = await browser.newPage();
    await page.context().addCookies([{ name: 'oncepost_session', value: person.session, url: api.url }]);
    await page.setViewportSize({ width: 390, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const path of [`/handoff/${id}`, `/handoff/${failed}`, `/schedules/${failed}/media`]) {
        await page.goto(`${api.url}${path}`);
        await page.evaluate(axe.source);
        const found = await page.evaluate<string[]>(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))',
        );
        expect([path, found]).toEqual([path, []]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      }
    }
    await browser.close();
  });
});

describe('a completion', () => {
  it('is recorded by the form with who, when and where, and the first stands', async () => {
    const id = await handed('Hello');
    const page = await person.submit(`/handoff/${id}/completion`, {
      url: 'https://x.com/acme/status/1',
      publishedAt: '2026-01-05T09:30',
      note: 'posted from the phone',
    });
    expect(page).toContain('It is recorded as published by hand.');
    expect(page).toContain('https://x.com/acme/status/1');
    const first = (await packOf(id)).completion;
    expect(first).toMatchObject({ publishedAt: '2026-01-05T09:30:00.000Z', note: 'posted from the phone' });
    const again = await person.submit(`/handoff/${id}/completion`, { url: 'https://x.com/acme/status/2' });
    expect(again).toContain('or what was recorded first stands.');
    const byKey = await api.ask('POST', `/api/handoffs/${id}/completion`, {
      json: { url: 'https://x.com/acme/status/3' },
    });
    expect(byKey).toMatchObject({
      status: 409,
      body: { error: { code: 'message_refused', reason: 'not_in_handoff' } },
    });
    expect((await packOf(id)).completion).toMatchObject({ url: 'https://x.com/acme/status/1' });
  });

  it('sent again with its key is the same record', async () => {
    const id = await handed('Hello');
    const done = { url: 'https://x.com/acme/status/1' };
    const first = await api.client().completeHandoff(id, done, { idempotencyKey: 'k' });
    const again = await api.client().completeHandoff(id, done, { idempotencyKey: 'k' });
    expect(first.completion).toMatchObject({ ...done, completedBy: 'nightly' });
    expect(again.completion).toMatchObject(done);
  });

  it('is refused for a time that has not come, an address that is none, and a role too low', async () => {
    const id = await handed('Hello');
    const ahead = new Date(Date.now() + 3_600_000).toISOString();
    const early = await api.ask('POST', `/api/handoffs/${id}/completion`, { json: { publishedAt: ahead } });
    expect(early).toMatchObject({ status: 409, body: { error: { reason: 'published_in_future' } } });
    const script = await api.ask('POST', `/api/handoffs/${id}/completion`, { json: { url: 'javascript:alert(1)' } });
    expect(script.status).toBe(422);
    expect(await person.submit(`/handoff/${id}/completion`, { url: 'javascript:alert(1)' })).toContain(
      'Nothing was changed.',
    );
    await person.become('viewer');
    expect((await person.post(`/handoff/${id}/completion`, {})).status).toBe(403);
    expect(await (await person.get(`/handoff/${id}`)).text()).toContain('This needs the role operator.');
    await person.become('admin');
    expect((await packOf(id)).completion).toBeNull();
  });

  it('has its address asked, and says what it answered', async () => {
    await stage.startWorker();
    for (const [path, verdict] of [
      ['/post', 'answers'],
      ['/gone', 'nothing_there'],
    ] as const) {
      const id = await handed('Hello');
      await api.client().completeHandoff(id, { url: sitePage(path) });
      await until(`${path} was asked`, async () => (await packOf(id)).completion?.check?.verdict === verdict);
      const [, event] = (
        await stage.context.ledger.db.select().from(auditEvents).where(eq(auditEvents.scheduleId, id))
      ).slice(-2);
      expect(event).toMatchObject({ type: 'handoff.address_checked', payload: { verdict } });
    }
  });

  it('recorded in the Temporal UI has its address asked by the sweep, and so where Temporal was away', async () => {
    await stage.startWorker();
    const { scheduleId } = await failedPublish(stage);
    await api.client().send('handoff', scheduleId, {});
    const done = { completedBy: 'Olga', url: sitePage('/post') };
    expect(await ask(stage, scheduleId, 'completeHandoff', done)).toMatchObject({ accepted: true });
    const other = await handed('Hello');
    const away = await openApi(stage, { client: clientOfNobody() });
    await away.ask('POST', `/api/handoffs/${other}/completion`, { json: { url: sitePage('/gone') } });
    await away.close();
    expect((await packOf(scheduleId)).completion?.check).toBeUndefined();
    expect((await packOf(other)).completion?.check).toBeUndefined();
    const sweep = { taskQueue: stage.taskQueue, workflowId: `sweep/${randomUUID()}` };
    await stage.temporal.workflow.execute('sweep', sweep);
    await until('both were asked', async () => {
      const [one, two] = [await packOf(scheduleId), await packOf(other)];
      return one.completion?.check?.verdict === 'answers' && two.completion?.check?.verdict === 'nothing_there';
    });
    // What was asked is not asked again.
    await stage.temporal.workflow.execute('sweep', { ...sweep, workflowId: `sweep/${randomUUID()}` });
    const trail = await stage.context.ledger.db.select().from(auditEvents).where(eq(auditEvents.scheduleId, other));
    expect(trail.filter(({ type }) => type === 'handoff.address_checked')).toHaveLength(1);
    expect(await uncheckedHandoffs(stage.context.ledger, 10)).toEqual([]);
  });
});

async function fetched(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

const keyed = (path: string) => fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${api.key}` } });

async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  await new Promise<void>((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject).on('end', resolve);
      zip.on('entry', (entry: Entry) => {
        zip.openReadStream(entry, async (failure, stream) => {
          if (failure) return reject(failure);
          found.set(entry.fileName, await buffer(stream));
          zip.readEntry();
        });
      });
      zip.readEntry();
    });
  });
  return found;
}
