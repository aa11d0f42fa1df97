// What the pages do before a post leaves, on the command line and in the client: check it, edit it, have it reviewed; and lists
// by when things are due and by who owns them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { minutesAgo, place, placeAccount } from '../recovery/place.ts';

let stage: Stage;
let api: TestApi;
let accountId: string;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  accountId = await placeAccount(stage, { name: 'fine' });
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const run = (...args: readonly string[]) =>
  oncepost([...args], { ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key });
const idsOf = (stdout: string): string[] => JSON.parse(stdout).items.map(({ id }: { id: string }) => id);
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

it('lists what is due in a range, in the order that is asked for, and what the key that asks owns', async () => {
  const key = await api.client().keys();
  const creator = { type: 'API_KEY', id: key.keys[0]?.id ?? '', label: 'nightly' } as const;
  await place(stage, { id: 'old', state: 'failed', cause: 'media_invalid', accountId, publishAt: minutesAgo(300) });
  await place(stage, {
    id: 'mid',
    state: 'failed',
    cause: 'media_invalid',
    accountId,
    publishAt: minutesAgo(200),
    creator,
  });
  await place(stage, { id: 'new', state: 'failed', cause: 'media_invalid', accountId, publishAt: minutesAgo(100) });
  const [from, before] = [minutesAgo(250).toISOString(), minutesAgo(150).toISOString()];
  const items = (...args: readonly string[]) => run('items', '--json', ...args);
  expect(idsOf((await items('--order', 'oldest_due')).stdout)).toEqual(['old', 'mid', 'new']);
  expect(idsOf((await items('--order', 'newest_due')).stdout)).toEqual(['new', 'mid', 'old']);
  expect(idsOf((await items('--order', 'oldest_due', '--due-from', from)).stdout)).toEqual(['mid', 'new']);
  expect(idsOf((await items('--due-from', from, '--due-before', before)).stdout)).toEqual(['mid']);
  expect(idsOf((await items('--mine')).stdout)).toEqual(['mid']);
  expect((await api.client().items({ owner: 'me' })).items.map(({ id }) => id)).toEqual(['mid']);
  expect((await api.client().schedules({ owner: 'me' })).items.map(({ id }) => id)).toEqual(['mid']);
  expect(await items('--order', 'by-luck')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--order "by-luck" is not known, so nothing was asked'),
  });
});

it('checks a post that is not stored, and ends with 1 when something would stop it', async () => {
  const fits = await run('check', '--account', 'fine', '--text', 'Good morning', '--at', tomorrow());
  expect(fits).toMatchObject({ code: 0, stdout: 'Nothing would stop it.\n' });
  const long = await run('check', '--account', 'fine', '--text', 'x'.repeat(30_000));
  expect(long).toMatchObject({ code: 1, stdout: expect.stringMatching(/^It would not be taken in:\ntext: /) });
  const ends = new Date(Date.now() + 3_600_000);
  await placeAccount(stage, { name: 'ends', grantExpiresAt: ends });
  const stopped = await run('check', '--account', 'ends', '--text', 'Late', '--at', tomorrow(), '--json');
  expect(stopped.code).toBe(1);
  expect(JSON.parse(stopped.stdout)).toMatchObject({ fits: true, findings: [{ kind: 'grant_ends' }] });
  expect(await api.client().check({ account: 'nobody', text: 'Hello' })).toMatchObject({ fits: false });
  expect((await api.client().schedules({ text: 'Good morning' })).items).toEqual([]);
});

it('edits exactly the version that was looked at', async () => {
  const request = { id: 'edited', account: 'fine', text: 'Before', publishAt: tomorrow() };
  const { fingerprint } = await api.client().schedule(request);
  const edited = await run('edit', 'edited', '--fingerprint', fingerprint, '--text', 'After', '--approval-required');
  expect(edited.stdout).toMatch(/^Changed: content_changed, options_changed\. The version is [0-9a-f]{64} now\.\n$/);
  const { schedule } = await api.client().get('edited');
  expect(schedule).toMatchObject({ text: 'After', approvalRequired: true });
  expect(await run('edit', 'edited', '--fingerprint', fingerprint, '--text', 'Again')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Somebody changed it since you looked, so nothing was changed'),
  });
  const free = await run('edit', 'edited', '--fingerprint', schedule.fingerprint, '--no-approval-required', '--json');
  expect(JSON.parse(free.stdout)).toMatchObject({ id: 'edited', changed: ['options_changed'] });
  expect(await run('edit', 'edited', '--fingerprint', schedule.fingerprint, '--alt', 'A cat')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There are 1 --alt for 0 --media, so nothing was changed'),
  });
});

it('makes, lists and revokes review links', async () => {
  await api.client().schedule({ id: 'shown', account: 'fine', text: 'To review', publishAt: tomorrow() });
  const made = await run('review-link', 'make', 'shown', '--label', 'the customer', '--expires', tomorrow(), '--json');
  const { id, url } = JSON.parse(made.stdout);
  expect(await (await fetch(url)).text()).toContain('To review');
  const listed = await run('review-link', 'list', 'shown');
  expect(listed.stdout).toMatch(new RegExp(`^${id}  open  the customer  until `));
  expect((await run('review-link', 'revoke', 'shown', id)).stdout).toBe('Revoked.\n');
  expect((await run('review-link', 'list', 'shown')).stdout).toContain('  revoked  ');
});

it('the client sets, lists and removes platform apps, and hears no secret', async () => {
  const client = api.client();
  const set = await client.setApp('x', { clientId: 'our-app', clientSecret: 'a-client-secret-of-ours' });
  expect(set).toMatchObject([{ platform: 'x', clientId: 'our-app', hasSecret: true }]);
  expect(JSON.stringify(set)).not.toContain('a-client-secret-of-ours');
  expect(await client.apps()).toEqual(set);
  expect(await client.removeApp('x')).toEqual([]);
  await expect(client.removeApp('x')).rejects.toMatchObject({ code: 'not_found' });
  await expect(client.setApp('myspace', { clientId: 'our-app' })).rejects.toMatchObject({ code: 'not_found' });
});
