// The media store: what is uploaded is stored once, whole or not at all, and reaches platforms without lying open.
import { randomUUID } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { storedMedia } from '../../src/ledger/schema/media.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { dropUnused } from '../../src/mediastore/sweep-unused.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import { type Answer, openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

const LIMIT = 200_000;

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage({ 'media.upload_max': LIMIT });
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const samples = makeSamples();
const sample = (name: 'sample.jpg' | 'sample.mp4') => new Uint8Array(samples.get(name)?.bytes ?? []);

/** A picture that nobody has uploaded yet: what follows the end of a JPEG is no part of it. */
const freshPicture = () => new Uint8Array(Buffer.concat([sample('sample.jpg'), Buffer.from(randomUUID())]));

const upload = (bytes: Uint8Array<ArrayBuffer>, type = 'application/octet-stream', key = api.key): Promise<Answer> =>
  api.ask('POST', '/api/media', { raw: bytes, key, headers: { 'content-type': type } });

async function stored(): Promise<string[]> {
  const rows = await stage.context.ledger.db.select({ sha256: storedMedia.sha256 }).from(storedMedia);
  return rows.map(({ sha256 }) => sha256).sort();
}

const folder = () => join(stage.folder, 'media');
const filesIn = async (path: string) =>
  (await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) => entry.isFile());

describe('an upload', () => {
  it('is answered with what its bytes say, and the same file twice is one', async () => {
    const before = await stored();
    const first = await upload(sample('sample.mp4'));
    expect(first).toMatchObject({
      status: 201,
      body: { mediaType: 'video/mp4', widthPx: 128, heightPx: 96, durationSeconds: 4, codecs: ['avc'] },
    });
    const { id, url } = first.body as { id: string; url: string };
    expect(url).toBe(`media:${id}`);
    const again = await upload(sample('sample.mp4'), 'video/mp4');
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await stored()).toEqual([...before, id].sort());
    const [event] = await stage.context.ledger.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.type, 'media.stored'));
    expect(event).toMatchObject({ actor: { label: 'nightly' }, payload: { sha256: id, mediaType: 'video/mp4' } });
  });

  it('over the limit is refused, announced or not, and nothing is left of it', async () => {
    const large = new Uint8Array(Buffer.concat([sample('sample.jpg')], LIMIT + 1));
    const before = { rows: await stored(), files: await filesIn(folder()) };
    expect(await upload(large)).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } });
    const unannounced = await fetch(`${api.url}/api/media`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}` },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit).then(
      (answer) => answer.status,
      () => 413,
    );
    expect(unannounced).toBe(413);
    expect({ rows: await stored(), files: await filesIn(folder()) }).toEqual(before);
  });

  it('of another type than it says, of none of ours, or empty is refused', async () => {
    const before = { rows: await stored(), files: await filesIn(folder()) };
    const lie = await upload(freshPicture(), 'video/mp4');
    expect(lie).toMatchObject({ status: 415, body: { error: { message: expect.stringContaining('is image/jpeg') } } });
    expect((await upload(freshPicture(), 'application/pdf')).status).toBe(415);
    expect((await upload(new TextEncoder().encode('<script>alert(1)</script>'), 'image/jpeg')).status).toBe(415);
    expect(await upload(new Uint8Array())).toMatchObject({
      status: 400,
      body: { error: { message: 'The file is empty, so nothing was stored; send one with something in it.' } },
    });
    expect({ rows: await stored(), files: await filesIn(folder()) }).toEqual(before);
  });

  it('cut off in the middle leaves nothing behind', async () => {
    const before = { rows: await stored(), files: await filesIn(folder()) };
    const bytes = freshPicture();
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.write(
      `POST /api/media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.key}\r\nContent-Length: ${bytes.byteLength}\r\n\r\n`,
    );
    socket.write(bytes.subarray(0, 500));
    const incoming = join(folder(), 'incoming');
    await until('the file arrives', async () =>
      (await Promise.all((await filesIn(incoming)).map(({ name }) => stat(join(incoming, name))))).some(
        ({ size }) => size > 0,
      ),
    );
    socket.destroy();
    await until('it is gone again', async () => (await filesIn(incoming)).length === 0);
    expect({ rows: await stored(), files: await filesIn(folder()) }).toEqual(before);
  });

  it('needs a key that may write', async () => {
    expect((await upload(freshPicture(), 'image/jpeg', await api.newKey(['schedules:read']))).status).toBe(403);
  });
});

describe('a stored file', () => {
  it("is its workspace's own", async () => {
    const { id } = (await upload(freshPicture())).body as { id: string };
    const workspaceId = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: workspaceId, name: 'other', createdAt: new Date() });
    const key = await api.newKey(undefined, workspaceId);
    const { connectAccount } = await import('../../src/ledger/accounts/accounts.ts');
    const actor = { type: 'USER', id: 'o', label: 'Olga' } as const;
    const account = {
      workspaceId,
      platform: 'x',
      name: 'theirs',
      remoteId: '1',
      apiBase: null,
      scopes: ['media.write'],
    };
    await connectAccount(stage.context.ledger, {
      ...account,
      grantExpiresAt: null,
      grant: { accessToken: 'a' },
      actor,
    });
    const answer = await api.ask('POST', '/api/schedules', {
      key,
      json: { account: 'theirs', text: 'Mine?', media: [{ url: `media:${id}` }] },
    });
    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'invalid_schedule' } } });
    expect(JSON.stringify(answer.body)).toContain('is not in the media store of this workspace');
  });

  it('goes out in a post that names it, read straight from the store', async () => {
    const bytes = freshPicture();
    const { url } = (await upload(bytes)).body as { url: string };
    const account = await stage.connectSandboxAccount({
      platform: 'x',
      name: 'x-store',
      settings: { quota: 'unlimited' },
    });
    await stage.startWorker({ ONCEPOST_PUBLIC_URL: api.url });
    const view = await api.client().publish({ account: account.name, text: 'From the store', media: [{ url }] });
    expect(view.item.state).toBe('published');
    expect(await stage.sandbox.live({ platform: 'x', account: account.card.id })).toHaveLength(1);
  });

  it('is fetched by Instagram itself, at an address that is signed', async () => {
    const { id, url } = (await upload(freshPicture())).body as { id: string; url: string };
    const account = await stage.connectSandboxAccount({
      platform: 'instagram',
      name: 'ig-store',
      settings: { processingMs: 20 },
    });
    const view = await api.client().publish({ account: account.name, text: 'From the store', media: [{ url }] });
    expect(view.item.state).toBe('published');
    expect(view.schedule.media[0]?.url).toBe(url);
    const calls = await stage.sandbox.calls({ platform: 'instagram', account: account.card.id });
    expect(JSON.stringify(calls)).not.toContain(`media:${id}`);
  });
});

describe('a signed address', () => {
  const signed = (id: string, at = new Date()) => {
    const address = new URL(stage.context.store.addresses.sign(id, at));
    return `${api.url}${address.pathname}${address.search}`;
  };

  it('gives the file, its head, and parts of it', async () => {
    const bytes = freshPicture();
    const { id } = (await upload(bytes)).body as { id: string };
    const whole = await fetch(signed(id));
    expect(whole.headers.get('content-type')).toBe('image/jpeg');
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes);
    const head = await fetch(signed(id), { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String(bytes.byteLength));
    const cases = [
      ['bytes=0-9', 206, bytes.subarray(0, 10), `bytes 0-9/${bytes.byteLength}`],
      ['bytes=10-', 206, bytes.subarray(10), `bytes 10-${bytes.byteLength - 1}/${bytes.byteLength}`],
      [
        'bytes=-5',
        206,
        bytes.subarray(-5),
        `bytes ${bytes.byteLength - 5}-${bytes.byteLength - 1}/${bytes.byteLength}`,
      ],
      ['bytes=9-2', 200, bytes, null],
      ['bytes=0-1,3-4', 200, bytes, null],
      ['bytes=99999999-', 416, new Uint8Array(), `bytes */${bytes.byteLength}`],
    ] as const;
    for (const [range, status, wanted, contentRange] of cases) {
      const part = await fetch(signed(id), { headers: { range } });
      expect(part.status).toBe(status);
      expect(part.headers.get('content-range')).toBe(contentRange);
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(new Uint8Array(wanted));
    }
  });

  it('that is guessed, over, or of another file is not there', async () => {
    const { id } = (await upload(freshPicture())).body as { id: string };
    const { id: other } = (await upload(freshPicture())).body as { id: string };
    const good = new URL(signed(id));
    const change = (edit: (url: URL) => void) => {
      const url = new URL(good);
      edit(url);
      return url.href;
    };
    const wrong = [
      signed(id, new Date(Date.now() - 7 * 24 * 3_600_000)),
      change((url) => url.searchParams.set('e', String(Number(url.searchParams.get('e')) + 1))),
      change((url) => url.searchParams.set('s', 'A'.repeat(43))),
      change((url) => url.searchParams.delete('s')),
      change((url) => {
        url.search = '';
      }),
      good.href.replace(id, other),
      good.href.replace(id, id.toUpperCase()),
      good.href.replace(id, '..%2f..%2fetc%2fpasswd'),
      signed('0'.repeat(64)),
    ];
    for (const address of wrong) expect((await fetch(address)).status).toBe(404);
    expect((await fetch(good)).status).toBe(200);
  });
});

describe('the sweep of stored media', () => {
  it('drops what no post names after a while, its file with it, and keeps the rest', async () => {
    const unused = ((await upload(freshPicture())).body as { id: string }).id;
    const used = ((await upload(freshPicture())).body as { id: string }).id;
    const account = await stage.connectSandboxAccount({
      platform: 'x',
      name: 'x-sweep',
      settings: { quota: 'unlimited' },
    });
    const publishAt = new Date(Date.now() + 9 * 24 * 3_600_000).toISOString();
    await api.client().schedule({ account: account.name, text: 'Later', media: [{ url: `media:${used}` }], publishAt });
    const { context } = stage;
    expect(await dropUnused(context)).toBe(0);
    const inTwoDays = { ...context.ledger.clock, now: () => new Date(Date.now() + 2 * 24 * 3_600_000) };
    expect(await dropUnused({ ...context, ledger: { ...context.ledger, clock: inTwoDays } })).toBeGreaterThan(0);
    const left = await stored();
    expect(left).toContain(used);
    expect(left).not.toContain(unused);
    const names = (await filesIn(folder())).map(({ name }) => name);
    expect(names).toContain(used);
    expect(names).not.toContain(unused);
    const rows = await context.ledger.db.select().from(schedules).where(eq(schedules.accountId, account.id));
    expect(rows).toHaveLength(1);
  });
});
