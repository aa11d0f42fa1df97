// Connecting an account of Bluesky with an app password, on the real PDS: by the page, the API and the command line.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { type RealPds, startRealPds } from '../platforms/bluesky/real-pds.ts';
import { place } from '../recovery/place.ts';
import { noticeOf, type Person, signIn } from './person.ts';

let stage: Stage;
let api: TestApi;
let real: RealPds;
let ada: Person;
beforeAll(async () => {
  [stage, real] = await Promise.all([openStage(), startRealPds()]);
  api = await openApi(stage);
  ada = await signIn(stage, api.url);
});
afterAll(async () => {
  await api.close();
  await Promise.all([stage.close(), real.stop()]);
});

async function rowsOf(remoteId: string) {
  const { db } = stage.context.ledger;
  return db.select().from(connectedAccounts).where(eq(connectedAccounts.remoteId, remoteId));
}

const secretsOf = ({ handle, appPassword }: RealPds['alice'], password = appPassword) => ({
  identifier: `@${handle}`,
  password,
  apiBase: real.pds.url,
});

it('is connected by the form, under its handle, and reconnected by the page of the account', async () => {
  const page = await ada.post('/connections/new/bluesky', secretsOf(real.alice));
  expect(noticeOf(page)).toBe('"@alice.test" is connected.');
  const [row] = await rowsOf(real.alice.did);
  expect(row).toMatchObject({ platform: 'bluesky', name: '@alice.test', apiBase: real.pds.url, status: 'connected' });
  const again = await ada.post(`/connections/${row?.id}/reconnect`, secretsOf(real.alice));
  expect(noticeOf(again)).toBe('"@alice.test" is connected again.');
  expect(await rowsOf(real.alice.did)).toMatchObject([{ grantVersion: 2 }]);
});

it('stays as it was with the password of another account, or a wrong one', async () => {
  const bob = await real.pds.createAccount('bob.test');
  const [before] = await rowsOf(real.alice.did);
  const other = await ada.post(`/connections/${before?.id}/reconnect`, secretsOf(bob));
  expect(noticeOf(other)).toContain('You signed in to Bluesky as @bob.test, but this connection is "@alice.test"');
  const wrong = await ada.post(`/connections/${before?.id}/reconnect`, secretsOf(real.alice, 'aaaa-bbbb-cccc-dddd'));
  expect(noticeOf(wrong)).toContain('Bluesky does not take the grant (');
  expect(wrong.text).not.toContain('aaaa-bbbb-cccc-dddd');
  expect(await rowsOf(real.alice.did)).toEqual([before]);
  expect(await rowsOf(bob.did)).toEqual([]);
});

it('is connected through the API and the command line alike', async () => {
  const carol = await real.pds.createAccount('carol.test');
  const request = { platform: 'bluesky', name: 'carols', secrets: secretsOf(carol) };
  const made = await api.ask('POST', '/api/accounts', { json: request });
  expect(made).toMatchObject({ status: 201, body: { reconnected: false, repaired: [] } });
  const [{ id = '' } = {}] = await rowsOf(carol.did);
  for (const cause of ['auth_expired', 'auth_expired', 'media_invalid'] as const) {
    await place(stage, { state: 'failed', cause, accountId: id, platform: 'bluesky' });
  }
  const repaired = {
    cause: 'auth_expired',
    count: 2,
    says: '2 publishes of this account failed for auth_expired; replay those that the gate allows.',
    href: `/incidents/${id}/auth_expired`,
  };
  const again = await api.ask('POST', '/api/accounts', { json: request });
  expect(again).toMatchObject({ status: 200, body: { id, reconnected: true, repaired: [repaired] } });
  const args = ['connect', 'bluesky', '--workspace', WORKSPACE];
  const { code, stdout } = await oncepost(args, stage.env, JSON.stringify(secretsOf(carol)));
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^Reconnected bluesky account "carols" \([0-9a-f-]{36}\)\.\n/),
  });
  expect(stdout).toContain(`\n${repaired.says} oncepost replay --account ${id} --cause auth_expired\n`);
  const asJson = await oncepost([...args, '--json'], stage.env, JSON.stringify(secretsOf(carol)));
  expect(JSON.parse(asJson.stdout)).toEqual({ id, name: 'carols', reconnected: true, repaired: [repaired] });
  const inBrowser = await oncepost(['connect', 'x', '--workspace', WORKSPACE, '--json'], stage.env);
  expect(JSON.parse(inBrowser.stdout)).toEqual({ page: expect.stringMatching(/\/connections\/new\/x$/) });
  const listed = await api.client().accounts();
  expect(listed.find(({ name }) => name === 'carols')).toMatchObject({ platformLabel: 'Bluesky', repair: null });
});

it.each([
  ['an empty password', { identifier: 'alice.test' }, 'The field "App password" is empty'],
  [
    'an address that is not safe',
    { identifier: 'a', password: 'b', apiBase: 'http://pds.example' },
    'must be an https address',
  ],
  ['a field there is not', { identifier: 'a', password: 'b', token: 'c' }, 'There is no field of that name'],
])('is refused with %s, and nothing is stored', async (_what, secrets, sentence) => {
  const answer = await api.ask('POST', '/api/accounts', { json: { platform: 'bluesky', secrets } });
  expect(answer.status).toBe(409);
  expect(JSON.stringify(answer.body)).toContain(sentence.replaceAll('"', '\\"'));
});
