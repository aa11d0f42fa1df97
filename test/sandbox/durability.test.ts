// The record survives a kill -9 of the sandbox's process, and a line that was being written when it came.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createSandboxControl } from '../../src/sandbox/control.ts';
import { JournalDamaged, JournalUnavailable } from '../../src/sandbox/journal.ts';
import { AddressUnavailable } from '../../src/sandbox/listener.ts';
import { makeMp4 } from '../../src/sandbox/media/mp4.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { get, patience, post, send, temporaryFolder } from './stage.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const program = fileURLToPath(new URL('./sandbox-process.ts', import.meta.url));

async function spawnSandbox(dataFolder: string): Promise<{ url: string; kill(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [program, dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanups.push(() => child.kill('SIGKILL'));
  if (!child.stdout) return expect.unreachable();
  const diedEarly = once(child, 'exit').then(() => expect.unreachable('the sandbox process ended before it was ready'));
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), diedEarly]);
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line)));
  return {
    url,
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function folder(): string {
  const made = temporaryFolder();
  cleanups.push(made.remove);
  return made.path;
}

test('posts, tokens, calls, faults, settings and the clock are there again after a kill -9', async () => {
  const dataFolder = folder();
  const first = await spawnSandbox(dataFolder);
  const control = createSandboxControl(first.url);
  const account = await control.createAccount({
    platform: 'x',
    name: 'Ada',
    settings: { duplicateWindowMs: 3_600_000 },
  });
  await control.shiftClock(60_000);
  await control.addFault({
    platform: 'x',
    call: 'create_post',
    fault: { kind: 'commit_then_reset' },
    skip: 1,
    times: 2,
  });
  await post(`${first.url}/x/2/tweets`, account.accessToken, { text: 'one' });
  await expect(post(`${first.url}/x/2/tweets`, account.accessToken, { text: 'two' })).rejects.toThrow();
  const refreshed = await send(`${first.url}/x/2/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: account.refreshToken ?? '',
      client_id: account.clientId,
    }),
  });
  expect(refreshed.status).toBe(200);
  const { access_token: accessToken } = z.object({ access_token: z.string() }).parse(refreshed.body);
  const [live, calls, faults] = [await control.live(), await control.calls(), await control.faults()];
  await first.kill();

  const second = await spawnSandbox(dataFolder);
  const after = createSandboxControl(second.url);
  expect(await after.live()).toEqual(live);
  expect((await after.live()).map((found) => found.text)).toEqual(['one', 'two']);
  expect(await after.calls()).toEqual(calls);
  expect(await after.faults()).toEqual(faults);
  expect((await post(`${second.url}/x/2/tweets`, accessToken, { text: 'one' })).status).toBe(403);
  await expect(post(`${second.url}/x/2/tweets`, accessToken, { text: 'three' })).rejects.toThrow();
  expect((await post(`${second.url}/x/2/tweets`, accessToken, { text: 'four' })).status).toBe(201);
  const page = await get(`${second.url}/x/2/users/${account.id}/tweets?tweet.fields=created_at`, accessToken);
  expect(page.body).toMatchObject({ data: [{ text: 'four' }, { text: 'three' }, { text: 'two' }, { text: 'one' }] });
  await second.kill();
});

test('every post answered before a kill -9 in the middle of traffic is in the record', async () => {
  const dataFolder = folder();
  const running = await spawnSandbox(dataFolder);
  const account = await createSandboxControl(running.url).createAccount({
    platform: 'x',
    name: 'Busy',
    settings: { quota: 'unlimited' },
  });
  const answered: string[] = [];
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let turn = 0; ; turn += 1) {
      const text = `lane ${lane} turn ${turn}`;
      await post(`${running.url}/x/2/tweets`, account.accessToken, { text });
      answered.push(text);
    }
  });
  const stopped = Promise.allSettled(lanes);
  await expect.poll(() => answered.length, patience).toBeGreaterThan(50);
  await running.kill();
  await stopped;

  const again = await startSandbox({ host: '127.0.0.1', port: 0, dataFolder });
  const live = new Set((await createSandboxControl(again.url).live()).map((found) => found.text));
  expect(answered.filter((text) => !live.has(text))).toEqual([]);
  await again.close();
});

test('a video that was being fetched when the kill -9 came is fetched again', async () => {
  const dataFolder = folder();
  const served = { go: false };
  const slow = createServer((_request, response) => void (served.go && response.end(makeMp4())));
  slow.listen(0, '127.0.0.1');
  await once(slow, 'listening');
  cleanups.push(() => slow.close().closeAllConnections());
  const address = slow.address();
  const videoUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/video.mp4`;

  const first = await spawnSandbox(dataFolder);
  const account = await createSandboxControl(first.url).createAccount({ platform: 'instagram', name: 'Ada' });
  const path = `/instagram/v25.0/${account.igUserId}/media`;
  const made = await post(first.url + path, account.accessToken, { media_type: 'REELS', video_url: videoUrl });
  const { id } = z.object({ id: z.string() }).parse(made.body);
  await first.kill();

  served.go = true;
  const second = await startSandbox({ host: '127.0.0.1', port: 0, dataFolder });
  const status = () => get(`${second.url}/instagram/v25.0/${id}?fields=status_code`, account.accessToken);
  await expect.poll(async () => (await status()).body, patience).toEqual({ status_code: 'FINISHED', id });
  await second.close();
});

test('a torn last line is left out, and the record goes on after it', async () => {
  const dataFolder = folder();
  const options = { host: '127.0.0.1', port: 0, dataFolder };
  const first = await startSandbox(options);
  await createSandboxControl(first.url).createAccount({ platform: 'x', name: 'Ada' });
  await first.close();
  appendFileSync(join(dataFolder, 'journal.jsonl'), '{"room":"posts","value":{"platform":"x","te');

  const second = await startSandbox(options);
  const account = await createSandboxControl(second.url).createAccount({ platform: 'x', name: 'Bob' });
  await second.close();
  const third = await startSandbox(options);
  expect((await get(`${third.url}/x/2/users/me`, account.accessToken)).status).toBe(200);
  await third.close();
});

test('a damaged line in the middle stops the start and names the line', async () => {
  const dataFolder = folder();
  const options = { host: '127.0.0.1', port: 0, dataFolder };
  const first = await startSandbox(options);
  await createSandboxControl(first.url).createAccount({ platform: 'x', name: 'Ada' });
  await first.close();
  const file = join(dataFolder, 'journal.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, ['garbage', ...lines.slice(1)].join('\n'));
  await expect(startSandbox(options)).rejects.toThrow(JournalDamaged);
  await expect(startSandbox(options)).rejects.toThrow('damaged at line 1');
});

test('a port in use stops the start with one sentence', async () => {
  const first = await startSandbox({ host: '127.0.0.1', port: 0, dataFolder: folder() });
  const second = startSandbox({ host: '127.0.0.1', port: first.port, dataFolder: folder() });
  await expect(second).rejects.toThrow(AddressUnavailable);
  await expect(second).rejects.toThrow('another program uses this port');
  await first.close();
});

test('a folder that cannot be used stops the start with one sentence', async () => {
  const file = join(folder(), 'a-file');
  writeFileSync(file, '');
  const started = startSandbox({ host: '127.0.0.1', port: 0, dataFolder: join(file, 'inside') });
  await expect(started).rejects.toThrow(JournalUnavailable);
  await expect(started).rejects.toThrow('Nothing was started');
});

test('reset forgets everything, on disk too', async () => {
  const dataFolder = folder();
  const options = { host: '127.0.0.1', port: 0, dataFolder };
  const first = await startSandbox(options);
  const control = createSandboxControl(first.url);
  const account = await control.createAccount({ platform: 'x', name: 'Ada' });
  await post(`${first.url}/x/2/tweets`, account.accessToken, { text: 'gone' });
  await control.reset();
  expect(await control.live()).toEqual([]);
  expect((await get(`${first.url}/x/2/users/me`, account.accessToken)).status).toBe(401);
  await first.close();
  const second = await startSandbox(options);
  expect(await createSandboxControl(second.url).live()).toEqual([]);
  await second.close();
});
