// `oncepost publish` says how it ended, and never "not published" of a post that may be live.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApi, type TestApi } from '../api/open-api.ts';
import { type Ended, oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { ask, openShop, type Shop, someText } from '../workflow/shop.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

function publish({ name }: Shop, id: string, text: string): Promise<Ended> {
  const env = { ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key };
  return oncepost(['publish', '--account', name, '--id', id, '--text', text], env);
}

it('a post that nobody can tell of: it says so, with what to do', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'commit_then_reset' });
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { call: 'timeline', times: null });
  const { code, stdout } = await publish(shop, crypto.randomUUID(), someText());
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^Not known whether it is live \(unconfirmed\)\. unknown: Nobody can tell whether the post is live: /,
  );
});

it('a post that was refused: it is not published, and the failure is typed', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' });
  const { code, stdout } = await publish(shop, crypto.randomUUID(), someText());
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Not published \(failed\)\. \w+: /);
});

it('a post that a person takes over: not published until they have done so', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' });
  const id = crypto.randomUUID();
  const text = someText();
  await publish(shop, id, text);
  await stage.temporal.workflow.getHandle(workflowIdOf(id)).signal('handoff', { owner: 'Olga' });
  // Messages are answered in their order: this one is refused for the one before it.
  expect(await ask(stage, id, 'requestReplay')).toMatchObject({ reason: 'handoff-not-replayable' });
  expect(await publish(shop, id, text)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^Not published \(handoff_pending\)\. .+ Next: open_handoff\.\n$/),
  });
  expect(await ask(stage, id, 'completeHandoff', { completedBy: 'Olga' })).toMatchObject({ accepted: true });
  expect(await publish(shop, id, text)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Published by a person \(handoff_completed\)\./),
  });
});

describe('a text that is longer than an argument may be', () => {
  const env = () => ({ ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key });
  const long = `${'A line of a long text.\n'.repeat(10_000)}The end.`;
  const textOf = async (id: string) => {
    const { body } = await api.ask('GET', `/api/schedules/${id}`);
    return z.object({ schedule: z.object({ text: z.string() }) }).parse(body).schedule.text;
  };

  it('is read from a file, or from stdin, and not taken for the platform where that takes less', async () => {
    const { name } = await openShop(stage);
    const file = join(stage.folder, 'long.md');
    await writeFile(file, `${long}\n`);
    const ended = await oncepost(['publish', '--account', name, '--text-file', file], env());
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/text .*280/s);
    const short = someText();
    const id = crypto.randomUUID();
    const piped = await oncepost(['publish', '--account', name, '--id', id, '--text-file', '-'], env(), `${short}\n`);
    expect(piped).toMatchObject({ code: 0 });
    expect(await textOf(id)).toBe(short);
  });

  it.each([
    ['both a text and a file', ['--text', 'a', '--text-file', '-'], 'There are both --text and --text-file'],
    ['a file that is not there', ['--text-file', '/nowhere/a.md'], 'The file "/nowhere/a.md" cannot be read'],
  ])('%s: nothing is sent', async (_, args, sentence) => {
    const { name } = await openShop(stage);
    const { code, stderr } = await oncepost(['publish', '--account', name, ...args], env());
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
  });
});
