// The page about proof as a person uses it: with a browser, with forms alone, and with files that are none.
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSignInLink } from '../../src/ledger/people/sign-in-links.ts';
import { memberships } from '../../src/ledger/schema/people.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
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
