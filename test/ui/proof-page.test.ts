// The page about proof as a person uses it: with a browser, with forms alone, and with files that are none.
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { BUNDLE_FILES } from '../../src/domain/proof/manifest.ts';
import { makeSignInLink } from '../../src/ledger/people/sign-in-links.ts';
import { memberships } from '../../src/ledger/schema/people.ts';
import { receiveUpload } from '../../src/pages/proof/upload.ts';
import { csrfToken } from '../../src/pages/session/csrf.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { otherWorkspace } from '../pages/visitor.ts';
import { writeSmallBundle } from '../proof/small-bundle.ts';
import { place, placeAccount } from '../recovery/place.ts';
import { type Browser, openBrowser } from './browser.ts';

let stage: Stage;
let api: TestApi;
let browser: Browser;
let page: Page;
let files: string;

beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage, { context: { dataFolder: stage.folder } });
  await place(stage, { id: 'live', state: 'published', accountId: await placeAccount(stage, { name: 'harbour' }) });
  await placeAccount(stage, { name: 'harbour photos', platform: 'instagram' });
  await stage.startWorker({ ONCEPOST_DATA: stage.folder });
  files = await mkdtemp(join(tmpdir(), 'oncepost-proof-page-'));
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

const notice = () => page.locator('.notice');

async function download(): Promise<string> {
  const begun = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).first().click();
  const path = join(files, 'downloaded.zip');
  await (await begun).saveAs(path);
  return path;
}

async function check(path: string): Promise<string> {
  await page.goto(`${api.url}/proof`);
  await page.getByLabel('The bundle, a ZIP').setInputFiles(path);
  await page.getByRole('button', { name: 'Check' }).click();
  return (await notice().textContent()) ?? '';
}

describe('a person', () => {
  it('asks for a bundle, sees it become ready by itself, and downloads it', async () => {
    await page.goto(api.url);
    await page.getByRole('link', { name: 'Proof' }).click();
    await page.getByRole('button', { name: 'Make the bundle' }).click();
    expect(await notice().textContent()).toBe('The bundle is being made; it appears below.');
    await page.getByText('1 record, ').waitFor();
    expect((await readFile(await download())).subarray(0, 2).toString()).toBe('PK');
  });
  it('checks it, and one that was touched, and one of somebody else', async () => {
    await page.goto(`${api.url}/proof`);
    const path = await download();
    expect(await check(path)).toMatch(/^The bundle is whole: 1 record, .* Its origin holds too/);
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
    const touched = join(files, 'touched.zip');
    await writeFile(touched, bytes);
    expect(await check(touched)).toMatch(/^The bundle does not hold\. /);
    const foreign = await writeSmallBundle();
    expect(await check(foreign.zip)).toMatch(/^It was not signed by this server\. The bundle is whole: 3 records/);
    await foreign.remove();
  });
  it('checks a bundle of another workspace of this server, and is told whose it is', async () => {
    await page.goto(`${api.url}/proof`);
    expect(await check(await download())).toContain(` It is of the workspace "sandbox" (${stage.workspaceId}), `);
    const other = await otherWorkspace(stage, 'Rival Press');
    const rival = api.client(await api.newKey(['proof'], other));
    const range = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
    const { id } = await rival.proof.export(range);
    const theirs = join(files, 'theirs.zip');
    await writeFile(theirs, Buffer.from(await new Response(await rival.proof.download(id)).arrayBuffer()));
    const says = await check(theirs);
    expect(says).toContain('It is of another workspace of this server than yours. The bundle is whole: 0 records');
    expect(says).toContain(
      `It is of the workspace "Rival Press" (${other}), of what was due from 2026-11-01T00:00:00.000Z until before 2026-12-01T00:00:00.000Z.`,
    );
  });
  it('who checks a file that is no bundle is told so, and nothing is kept', async () => {
    const text = join(files, 'notes.txt');
    await writeFile(text, 'no bundle');
    expect(await check(text)).toBe(
      'The bundle does not hold. This is no ZIP file, so it is no bundle; nothing was read from it.',
    );
    const left = await readdir(join(stage.folder, 'exports'));
    expect(left.filter((name) => !name.endsWith('.zip'))).toEqual([]);
  });
  it('changes the keys as an admin, and sees the secret once', async () => {
    await page.goto(`${api.url}/proof`);
    await page.getByRole('button', { name: 'Make a new signing key' }).click();
    expect(await notice().textContent()).toMatch(/^Bundles are signed with the key [\w-]{43} from now on\.$/);
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    const secret = (await page.locator('.secret').textContent()) ?? '';
    expect(secret).toMatch(/^oph_[\w-]{43}$/);
    await page.getByRole('link', { name: 'Back to proof' }).click();
    expect(await page.content()).not.toContain(secret);
  });
  it('gets days that make no range refused', async () => {
    await page.goto(`${api.url}/proof`);
    await page.getByLabel('First day (UTC)').fill('2026-11-02');
    await page.getByLabel('Last day (UTC)').fill('2026-11-01');
    await page.getByRole('button', { name: 'Make the bundle' }).click();
    expect(await notice().textContent()).toMatch(/^The days do not make a range/);
  });
});

describe('a form of our own, sent by hand', () => {
  const cookies = async () => (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const send = async (body: string | FormData, headers: Record<string, string> = {}) => {
    const cookie = await cookies();
    return fetch(`${api.url}/proof/verify`, {
      method: 'POST',
      body,
      headers: { cookie, ...headers },
      redirect: 'manual',
    });
  };
  const form = (entries: readonly (readonly [string, string | Blob])[]) => {
    const made = new FormData();
    for (const [name, value] of entries) made.append(name, value);
    return made;
  };

  /** A form as a browser sends it, with a file of these bytes, that ends after so many bytes of the whole. */
  async function sent(
    file: Buffer,
    how: { readonly ends?: number; readonly breaksOff?: true; readonly length?: number },
  ) {
    const session = (await page.context().cookies()).find(({ name }) => name === 'oncepost_session')?.value ?? '';
    const head = `--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${csrfToken(session)}\r\n--b\r\nContent-Disposition: form-data; name="bundle"; filename="b.zip"\r\n\r\n`;
    const whole = Buffer.concat([Buffer.from(head), file, Buffer.from('\r\n--b--\r\n')]);
    const headers = {
      cookie: await cookies(),
      'content-type': 'multipart/form-data; boundary=b',
      ...(how.length === undefined ? {} : { 'content-length': how.length }),
    };
    return new Promise<{ status: number; text: string } | 'broken off'>((resolve) => {
      const asked = request(`${api.url}/proof/verify`, { method: 'POST', headers }, async (answer) => {
        resolve({ status: answer.statusCode ?? 0, text: await text(answer) });
        asked.destroy();
      });
      asked.on('error', () => resolve('broken off'));
      asked.write(whole.subarray(0, how.ends ?? whole.length), () => how.breaksOff && asked.destroy(new Error('gone')));
      if (!how.breaksOff && how.length === undefined) asked.end();
    });
  }
  const nothingIsKept = () =>
    until('nothing is kept', async () => {
      const left = await readdir(join(stage.folder, 'exports'));
      return left.every((name) => name.endsWith('.zip'));
    });

  it('whose file is cut off in the middle is told so, and nothing of it is kept', async () => {
    const bundle = await writeSmallBundle();
    const cut = await sent(bundle.bytes, { ends: 2_000 });
    expect(cut).toMatchObject({ status: 400, text: expect.stringContaining('The upload was cut off') });
    await nothingIsKept();
    expect(await sent(bundle.bytes, { ends: 2_000, breaksOff: true })).toBe('broken off');
    await nothingIsKept();
    // It arrives whole, but it was cut off before.
    const half = join(files, 'half.zip');
    await writeFile(half, bundle.bytes.subarray(0, bundle.bytes.length / 2));
    expect(await check(half)).toBe(
      'The bundle does not hold. The ZIP ends too early: a part of the bundle is missing; fetch it again.',
    );
    await bundle.remove();
  });
  it('whose file is over the limit is refused before it is read, and while it is read', async () => {
    const told = { status: 413, text: expect.stringContaining('The file is larger than 2 GB, so nothing was checked') };
    expect(await sent(Buffer.from('PK'), { length: 3 * 1024 ** 3 })).toMatchObject(told);
    await nothingIsKept();
    const { headers, body } = new Response(
      form([
        ['csrf', 'x'],
        ['bundle', new Blob([Buffer.alloc(4_096)])],
      ]),
    );
    const unsaid = new Request(api.url, { method: 'POST', headers, body, duplex: 'half' });
    const received = receiveUpload(unsaid, join(files, 'too-large'), () => {}, 4_000);
    await expect(received).rejects.toMatchObject({ status: 413 });
    expect((await stat(join(files, 'too-large'))).size).toBeLessThanOrEqual(4_000);
  });
  it('with a ZIP bomb is answered in a sentence, and nothing of it is unpacked', async () => {
    const zip = new ZipFile();
    for (const name of BUNDLE_FILES) zip.addBuffer(Buffer.alloc(20_000_000), name);
    zip.end();
    const bomb = join(files, 'bomb.zip');
    await writeFile(bomb, await buffer(zip.outputStream));
    expect(await check(bomb)).toBe(
      'The bundle does not hold. The ZIP is packed in a way that no bundle is (compressed, overlapping or too many files); nothing was unpacked.',
    );
    await nothingIsKept();
  });

  it('without the token is refused before its file is read', async () => {
    const answer = await send(
      form([
        ['csrf', 'wrong'],
        ['bundle', new Blob(['PK'])],
      ]),
    );
    expect(answer.status).toBe(403);
  });
  it('without a file, or that is no form, is refused in a sentence', async () => {
    expect((await send(form([['csrf', 'x']]))).status).toBe(400);
    expect((await send('hello', { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await send('--b\r\n', { 'content-type': 'multipart/form-data; boundary=b' })).status).toBe(400);
    const endless = `--b\r\n${'x'.repeat(100_000)}`;
    expect((await send(endless, { 'content-type': 'multipart/form-data; boundary=b' })).status).toBe(400);
  });
});

describe('an operator', () => {
  it('makes bundles and sees no keys; a viewer sees nothing of it', async () => {
    const { db } = stage.context.ledger;
    const become = (role: 'operator' | 'viewer' | 'admin') =>
      db.update(memberships).set({ role }).where(eq(memberships.workspaceId, stage.workspaceId));
    await become('operator');
    await page.goto(`${api.url}/proof`);
    expect(await page.getByRole('heading', { name: 'Keys' }).count()).toBe(0);
    await become('viewer');
    expect((await page.goto(`${api.url}/proof`))?.status()).toBe(403);
    expect(await page.locator('main').textContent()).toContain('To export proof one needs the role operator');
    await become('admin');
  });
});
