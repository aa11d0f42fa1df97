// `npm start` as a newcomer meets it: the practice night, a publish from the command line, kill -9 of everything, Ctrl-C.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OncepostClient } from '../../src/client/client.ts';
import { createSandboxControl } from '../../src/sandbox/control.ts';
import { until } from '../harness/until.ts';
import { type Everything, PROGRAM, ROOT, startEverything } from './start-everything.ts';

const run = promisify(execFile);

/** It is due tonight. */
const GOES_ON = new Set(['practice-tonight']);

describe('npm start', () => {
  let everything: Everything;
  let client: OncepostClient;

  const oncepost = (...args: string[]) =>
    run(process.execPath, [PROGRAM, ...args], { cwd: ROOT, env: { ...process.env, ...everything.env } }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error) => ({ code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) }),
    );

  const processesOfFolder = async () => {
    const { stdout } = await run('pgrep', ['-f', everything.folder]).catch(() => ({ stdout: '' }));
    return stdout
      .split('\n')
      .filter((pid) => pid !== '' && Number(pid) !== process.pid)
      .map(Number);
  };

  /** Our programs carry the folder in their environment, not in their arguments. */
  const ownPrograms = async () => {
    const names = ['sandbox', 'server', 'worker'];
    const notes = await Promise.all(
      names.map((name) => readFile(join(everything.folder, 'data/run', `${name}.json`), 'utf8').catch(() => '')),
    );
    return notes.filter(Boolean).map((note) => Number(JSON.parse(note).pid));
  };

  beforeAll(async () => {
    everything = await startEverything('start');
    ({ client } = everything);
  });

  afterAll(async () => {
    for (const pid of [...(await ownPrograms()), ...(await processesOfFolder())]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
    await everything.remove();
  });

  it('holds a night of practice publishes that really ran', async () => {
    const night = await until('the night has settled', async () => {
      // The runs of practice-runs.test.ts have posts of their own.
      const items = (await client.items({ all: true })).items.filter(({ id }) => id.startsWith('practice-'));
      const states = new Map(items.map((item) => [item.id, item]));
      const running = items.some(
        ({ id, state }) =>
          !GOES_ON.has(id) && (state === 'queued' || state === 'posting' || state === 'outcome_unknown'),
      );
      return states.size === 17 && !running && states;
    });
    const settled = [...night.values()].filter(({ id }) => !GOES_ON.has(id));
    const table = settled.map(({ id, state, cause, nextAction, replayOffered }) => [
      id,
      state,
      cause?.code ?? null,
      nextAction.code,
      replayOffered,
    ]);
    expect(table.toSorted()).toEqual([
      ['practice-approval', 'blocked', null, 'none', false],
      ['practice-carousel', 'published', null, 'none', false],
      ['practice-handoff', 'handoff_pending', null, 'open_handoff', false],
      ['practice-instagram', 'published', null, 'none', false],
      ['practice-live', 'published', null, 'none', false],
      ['practice-lost-answer', 'published', null, 'none', false],
      ['practice-media', 'failed', 'media_invalid', 'review_media', false],
      ['practice-picture', 'published', null, 'none', false],
      ['practice-rate-limit', 'retry_later', 'rate_limited', 'retry_later', false],
      ['practice-reconnect-1', 'failed', 'reconnect_required', 'reconnect_account', false],
      ['practice-reconnect-2', 'failed', 'reconnect_required', 'reconnect_account', false],
      ['practice-reconnect-3', 'failed', 'reconnect_required', 'reconnect_account', false],
      ['practice-reconnect-4', 'failed', 'reconnect_required', 'reconnect_account', false],
      ['practice-reconnect-5', 'failed', 'reconnect_required', 'reconnect_account', false],
      ['practice-replay', 'failed', 'publish_failed', 'replay_publish', true],
      ['practice-unconfirmed', 'unconfirmed', 'unknown', 'replay_publish', true],
    ]);
    const healed = await client.get('practice-lost-answer');
    expect(healed.attempts.map(({ outcome }) => outcome)).toEqual(['outcome_unknown', 'published']);
  });

  it('publishes from the command line and prints the live address alone', async () => {
    const published = await oncepost('publish', '--account', 'sandbox-x', '--text', 'Hello from the command line');
    expect(published.code).toBe(0);
    expect(published.stdout).toMatch(/^https:\/\/x\.com\/i\/web\/status\/\d+\n$/);
  });

  it('says a failure in one sentence with its type, and exits with 1', async () => {
    const refused = await oncepost('publish', '--account', 'sandbox-x-revoked', '--text', 'Nobody may post here');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toMatch(/^Not published \(failed\)\. reconnect_required: .+ Next: reconnect_account\.\n$/);
    const unknown = await oncepost('publish', '--account', 'nobody', '--text', 'x');
    expect(unknown).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'The account is not known and nothing was stored: account "nobody" is not a connected account of this workspace.\n',
    });
  });

  it('replays the refused one, once', async () => {
    await client.replay({ scheduleId: 'practice-replay' });
    const view = await client.waitForEnd('practice-replay');
    expect(view.item.state).toBe('published');
  });

  it('replays the one that nobody could tell about: X is asked, and has it', async () => {
    await client.replay({ scheduleId: 'practice-unconfirmed' });
    const view = await client.waitForEnd('practice-unconfirmed');
    expect(view).toMatchObject({ item: { state: 'published' }, post: { evidence: 'reconciled' } });
  });

  it('has commands that find its database by themselves', async () => {
    const list = await oncepost('accounts', 'list', '--workspace', 'sandbox');
    expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(/^x +sandbox-x +[-0-9a-f]{36} connected$/m) });
    const key = await oncepost('keys', 'create', '--workspace', 'acme', '--name', 'pipeline');
    expect(key).toMatchObject({ code: 0, stdout: expect.stringMatching(/^op_\S+\n$/) });
  });

  it('refuses a second start on the same folder and changes nothing', async () => {
    const second = await oncepost('start');
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('already runs on the data folder');
  });

  it('survives kill -9 of everything at once, and goes on', async () => {
    const all = [everything.pid(), ...(await ownPrograms()), ...(await processesOfFolder())];
    for (const pid of all) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // The folder's postgres children go down with their parent.
      }
    }
    await everything.start();
    const { items } = await client.items();
    expect(items.map(({ id }) => id).toSorted()).toEqual(
      expect.arrayContaining(['practice-rate-limit', 'practice-reconnect-1']),
    );
    const again = await oncepost(
      'publish',
      '--account',
      'sandbox-x',
      '--text',
      'Hello after the crash',
      '--id',
      'after-the-crash',
    );
    expect(again.code).toBe(0);
    const repeated = await oncepost(
      'publish',
      '--account',
      'sandbox-x',
      '--text',
      'Hello after the crash',
      '--id',
      'after-the-crash',
    );
    expect(repeated.stdout).toBe(again.stdout);
    const live = await createSandboxControl(`http://127.0.0.1:${everything.env.ONCEPOST_SANDBOX_PORT}`).live({
      platform: 'x',
    });
    expect(live.filter(({ text }) => text === 'Hello after the crash')).toHaveLength(1);
  });

  it('stops cleanly on Ctrl-C and leaves no process behind', async () => {
    const programs = await ownPrograms();
    const code = await everything.stop();
    expect(code).toBe(0);
    expect(everything.output()).toContain('Stopped');
    expect(await processesOfFolder()).toEqual([]);
    for (const pid of programs) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
