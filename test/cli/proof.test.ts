// `oncepost proof`: a bundle is made and saved, and checked by a command that knows nothing of the server.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { type Ended, oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { place, placeAccount } from '../recovery/place.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  await place(stage, { state: 'published', accountId: await placeAccount(stage, { name: 'harbour' }) });
  await stage.startWorker({ ONCEPOST_DATA: stage.folder });
  api = await openApi(stage, { context: { dataFolder: stage.folder } });
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const RANGE = ['--from', '2020-01-01T00:00:00Z', '--to', '2040-01-01T00:00:00Z'];
const proof = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  oncepost(['proof', ...args], { ONCEPOST_DATA: stage.folder, ...env });
const server = () => ({ ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key });
const files = () => ({ zip: join(stage.folder, 'bundle.zip'), keys: join(stage.folder, 'keys.json') });

it('exports, shows how far it has come, and saves the bundle', async () => {
  const { zip } = files();
  const { code, stdout, stderr } = await proof(['export', ...RANGE, '--out', zip], server());
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${zip}\n` });
  expect(stderr).toContain('done: ready to download, 1 of 1 records');
});

it('verifies it without any server: that it is whole, and with keys whom it is from', async () => {
  const { zip, keys } = files();
  await writeFile(keys, await (await fetch(`${api.url}/.well-known/oncepost-proof-keys.json`)).text());
  const alone = await proof(['verify', zip]);
  expect(alone.code).toBe(0);
  expect(alone.stdout).toContain('The bundle is whole: 1 record, ');
  const with_ = await proof(['verify', zip, '--keys', keys, '--json']);
  expect(with_.code).toBe(0);
  expect(JSON.parse(with_.stdout)).toMatchObject({ holds: true, origin: { signature: true, hmac: false } });
});

it('ends with 1 and one sentence when it does not hold', async () => {
  const { zip } = files();
  const bytes = await readFile(zip);
  bytes.writeUInt8(bytes.readUInt8(1_000) ^ 4, 1_000);
  const flipped = join(stage.folder, 'flipped.zip');
  await writeFile(flipped, bytes);
  const { code, stdout, stderr } = await proof(['verify', flipped]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.trim()).toMatch(/^\S.*\.$/);
});

it('says which file it could not read', async () => {
  const { code, stderr } = await proof(['verify', join(stage.folder, 'nowhere.zip')]);
  expect(code).toBe(1);
  expect(stderr).toContain('nowhere.zip cannot be read (ENOENT), so nothing was checked; check the path.');
});

it('changes the keys: the old one stays published, the secret is shown once', async () => {
  const { DATABASE_URL = '', ONCEPOST_SECRET_KEY = '' } = stage.env;
  const keys = (...args: readonly string[]) =>
    proof(['keys', ...args, '--workspace', WORKSPACE], { DATABASE_URL, ONCEPOST_SECRET_KEY });
  const { stdout: id } = await keys('rotate');
  const { stdout: secret } = await keys('secret');
  expect(secret).toMatch(/^oph_[\w-]{43}\n$/);
  const { stdout: list } = await keys('list');
  expect(list).toContain(id.trim());
  expect(list).not.toContain(secret.trim());
  expect(list.split('\n').filter((line) => line.endsWith('signs'))).toHaveLength(2);
  const published = await (await fetch(`${api.url}/.well-known/oncepost-proof-keys.json`)).json();
  expect(published).toMatchObject({ keys: [{ crv: 'Ed25519' }, { kid: id.trim() }] });
});
