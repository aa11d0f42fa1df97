// Shows that the PDS the other tests lean on is real, keeps what it accepted, and that it judges truly.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod/v4';
import { expiredCopy } from './expired-token.ts';
import type { PdsAccount } from './pds-client.ts';
import { type Pds, startPds } from './start-pds.ts';
import { getRecord, putPost, xrpc } from './test-calls.ts';

let dataFolder: string;
let pds: Pds;
let alice: PdsAccount;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'pds-'));
  pds = await startPds({ dataFolder });
  alice = await pds.createAccount('alice.test');
}, 900_000);

afterAll(async () => {
  await pds?.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

test('the PDS answers its health check', async () => {
  expect((await fetch(`${pds.url}/xrpc/_health`)).status).toBe(200);
});

test('an account comes with an app password and the tokens of a session opened by it', async () => {
  const refreshed = await xrpc(pds.url, 'com.atproto.server.refreshSession', undefined, alice.refreshJwt);
  expect(alice.did).toMatch(/^did:plc:[a-z2-7]{24}$/);
  expect(alice.appPassword).toMatch(/^\w{4}-\w{4}-\w{4}-\w{4}$/);
  expect(refreshed).toMatchObject({ status: 200, body: { did: alice.did, handle: 'alice.test', active: true } });
});

test('the same post put twice under one record key is one record; the second answer has no commit', async () => {
  const first = await putPost(pds.url, alice, '3jzfcijpj2z2a', 'once');
  const second = await putPost(pds.url, alice, '3jzfcijpj2z2a', 'once');
  const uri = `at://${alice.did}/app.bsky.feed.post/3jzfcijpj2z2a`;
  expect(first).toMatchObject({ status: 200, body: { uri, commit: { rev: expect.any(String) } } });
  expect(second).toMatchObject({ status: 200, body: { uri } });
  expect(second.body).not.toHaveProperty('commit');
  expect((await pds.listPosts(alice.did)).filter((post) => post.uri === uri)).toHaveLength(1);
});

test('another post under a taken record key is refused and changes nothing', async () => {
  await putPost(pds.url, alice, '3jzfcijpj2z2b', 'mine');
  const other = await putPost(pds.url, alice, '3jzfcijpj2z2b', 'other');
  expect(other).toMatchObject({ status: 400, body: { error: 'InvalidSwap' } });
  expect(await getRecord(pds.url, alice.did, '3jzfcijpj2z2b')).toMatchObject({ body: { value: { text: 'mine' } } });
});

test('a record that is not there is answered RecordNotFound', async () => {
  const missing = await getRecord(pds.url, alice.did, '3jzfcijpj2z2c');
  expect(missing).toMatchObject({ status: 400, body: { error: 'RecordNotFound' } });
});

test('an aged token is refused as expired by the PDS itself', async () => {
  const aged = { ...alice, accessJwt: expiredCopy(dataFolder, alice.accessJwt) };
  const refused = await putPost(pds.url, aged, '3jzfcijpj2z2d', 'late');
  expect(refused).toMatchObject({ status: 400, body: { error: 'ExpiredToken', message: 'Token has expired' } });
});

test('the list of posts goes past its first page', async () => {
  const bob = await pds.createAccount('bob.test');
  const writes = Array.from({ length: 101 }, (_, n) => ({
    $type: 'com.atproto.repo.applyWrites#create',
    collection: 'app.bsky.feed.post',
    value: { $type: 'app.bsky.feed.post', text: `post ${n}`, createdAt: '2026-11-21T00:00:00.000Z' },
  }));
  const written = await xrpc(pds.url, 'com.atproto.repo.applyWrites', { repo: bob.did, writes }, bob.accessJwt);
  expect(written.status).toBe(200);
  const posts = await pds.listPosts(bob.did);
  expect(posts).toHaveLength(101);
  expect(new Set(posts.map((post) => post.uri)).size).toBe(101);
});

test('after SIGKILL and a restart the record, the tokens and the directory of accounts are still there', async () => {
  await putPost(pds.url, alice, '3jzfcijpj2z2e', 'survives');
  const address = pds.url;
  await pds.kill();
  await expect(fetch(`${address}/xrpc/_health`)).rejects.toThrow();
  await pds.restart();
  expect(pds.url).toBe(address);
  expect(await getRecord(pds.url, alice.did, '3jzfcijpj2z2e')).toMatchObject({ body: { value: { text: 'survives' } } });
  const again = await putPost(pds.url, alice, '3jzfcijpj2z2e', 'survives');
  expect(again.status).toBe(200);
  expect(again.body).not.toHaveProperty('commit');
  const login = { identifier: alice.did, password: alice.password };
  const owner = await xrpc(pds.url, 'com.atproto.server.createSession', login);
  const { accessJwt } = z.object({ accessJwt: z.string() }).parse(owner.body);
  const renamed = await xrpc(pds.url, 'com.atproto.identity.updateHandle', { handle: 'alice-two.test' }, accessJwt);
  expect(renamed.status).toBe(200);
});
