// What belongs to another workspace looks like what does not exist, through every door.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOncepostClient, type OncepostClient, OncepostRefused } from '../../src/client/client.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { X } from './bad-post.ts';
import { throughApi, throughBareStart, throughClient, throughCommandLine } from './doors.ts';
import { OTHER_WORKSPACE, openPlace, type Place } from './place.ts';
import { sentence, settled } from './refusal.ts';
import { runningPublishes, stored } from './stored.ts';

const NOT_FOUND = {
  code: 'not_found',
  message: 'There is nothing at this address in your workspace; check the id and the path.',
};
const BAD_IDS = [
  'never-taken-in',
  '..',
  '.',
  '',
  '../../health',
  'a/b',
  'a%2fb',
  '\ud800',
  'a'.repeat(129),
  '__proto__',
];

describe('of another workspace', () => {
  let place: Place;
  let theirs: OncepostClient;
  beforeAll(async () => {
    place = await openPlace();
    theirs = place.api.client(place.theirKey);
    await place.api.client().publish({ id: 'ours', account: 'on-x', text: 'Hello' });
    await theirs.schedule({ id: 'theirs-alone', account: 'theirs', text: 'Hello', publishAt: tomorrow() });
  });
  afterAll(() => place.close());

  const refused = (call: Promise<unknown>) =>
    call.then(
      () => 'done',
      (error: unknown) => {
        if (!(error instanceof OncepostRefused)) throw error;
        return { status: error.status, code: error.code, message: error.message };
      },
    );

  it('the schedule is neither read nor replayed, and looks like one there is not', async () => {
    const before = await stored(place.stage);
    for (const id of ['ours', 'never-taken-in']) {
      expect(await refused(theirs.get(id))).toEqual({ status: 404, ...NOT_FOUND });
      expect(await refused(theirs.replay({ scheduleId: id }))).toEqual({ status: 404, ...NOT_FOUND });
      for (const [method, path, json] of [
        ['GET', `/api/schedules/${id}`, undefined],
        ['POST', '/api/jobs/replay', { scheduleId: id }],
      ] as const) {
        const answer = await place.api.ask(method, path, { key: place.theirKey, json });
        expect(answer).toMatchObject({ status: 404, body: { error: NOT_FOUND } });
      }
    }
    // Replays are counted and their answers remembered by their keys, whatever becomes of them.
    const own = { rate_limits: '', remembered_answers: '' };
    expect({ ...(await stored(place.stage)), ...own }).toEqual({ ...before, ...own });
  });

  it('the workspace cannot be named, by its name, its id or any other', async () => {
    const before = await stored(place.stage);
    for (const workspace of [OTHER_WORKSPACE, 'nowhere', '00000000-0000-4000-8000-000000000000']) {
      const problems = [
        { field: 'workspace', problem: settled(`"${workspace}" is not the workspace of this API key`) },
      ];
      const refusal = { code: 'unknown_workspace', message: sentence('unknown_workspace', problems), problems };
      expect(await throughApi(place, { json: { ...X, workspace } })).toEqual({ status: 404, ...refusal });
      expect(await throughClient(place, { ...X, workspace })).toEqual(refusal);
    }
    expect(await stored(place.stage)).toEqual(before);
  });

  it('the account cannot be posted to by its id, through any door', async () => {
    const account = place.theirAccountId;
    const before = await stored(place.stage);
    const problems = [{ field: 'account', problem: '"<id>" is not a connected account of this workspace' }];
    const refusal = { code: 'unknown_account', message: sentence('unknown_account', problems), problems };
    expect(await throughApi(place, { json: { ...X, account } })).toEqual({ status: 404, ...refusal });
    expect(await throughClient(place, { ...X, account })).toEqual(refusal);
    expect(await throughBareStart(place, { ...X, account })).toEqual(refusal);
    const ended = await throughCommandLine(place, [`--account=${account}`, '--text=Hello']);
    expect({ ...ended, stderr: settled(ended.stderr) }).toEqual({
      code: 1,
      stdout: '',
      stderr: `${refusal.message}\n`,
    });
    expect(await stored(place.stage)).toEqual(before);
  });

  it('our account cannot be posted to by a bare start in their workspace, whatever the post says of its own', async () => {
    const problems = [{ field: 'account', problem: '"on-x" is not a connected account of this workspace' }];
    expect(await throughBareStart(place, { ...X, workspace: undefined }, OTHER_WORKSPACE)).toEqual({
      code: 'unknown_account',
      message: sentence('unknown_account', problems),
      problems,
    });
  });

  it('the same id names a schedule of our own beside theirs: two workflows, and nothing is told of the other', async () => {
    const ours = await place.api.client().publish({ ...X, id: 'theirs-alone', text: 'Ours alone' });
    expect(ours.item).toMatchObject({ state: 'published' });
    const theirWorkflow = place.stage.temporal.workflow.getHandle(`publish/${OTHER_WORKSPACE}/theirs-alone`);
    expect((await theirWorkflow.describe()).status.name).toBe('RUNNING');
    const theirsStill = await theirs.get('theirs-alone');
    expect(theirsStill.item).toMatchObject({ state: 'queued' });
    expect(JSON.stringify(theirsStill)).not.toContain('Ours alone');
  });

  it('a schedule of our own is refused under the same id with other content, and stays as it was', async () => {
    const before = await stored(place.stage);
    const problems = [
      { field: 'id', problem: 'already names a schedule with another content or delivery; choose another id' },
    ];
    const refusal = { code: 'schedule_conflict', message: sentence('schedule_conflict', problems), problems };
    for (const change of [
      { text: 'Goodbye' },
      { publishAt: tomorrow() },
      { account: 'on-bluesky' },
      { approvalRequired: true },
    ]) {
      const post = { ...X, id: 'ours', ...change };
      expect(await throughApi(place, { json: post })).toEqual({ status: 409, ...refusal });
      expect(await throughClient(place, post)).toEqual(refusal);
      expect(await throughBareStart(place, post)).toEqual(refusal);
    }
    const ended = await throughCommandLine(place, ['--id=ours', '--account=on-x', '--text=Goodbye']);
    expect(ended).toEqual({ code: 1, stdout: '', stderr: `${refusal.message}\n` });
    expect(await stored(place.stage)).toEqual(before);
    expect(await place.stage.sandbox.live({ platform: 'x' })).toHaveLength(2);
  });

  it('a bare start under the id of a publish that still waits is refused by Temporal', async () => {
    const id = 'waits';
    await place.api.client().schedule({ ...X, id, publishAt: tomorrow() });
    const before = await stored(place.stage);
    await expect(throughBareStart(place, { ...X, id, text: 'Goodbye' })).rejects.toThrow('already started');
    expect(await stored(place.stage)).toEqual(before);
    await place.stage.temporal.workflow.getHandle(workflowIdOf(id)).terminate();
    await place.stage.temporal.workflow.getHandle(`publish/${OTHER_WORKSPACE}/theirs-alone`).terminate();
    await until('nothing runs', async () => (await runningPublishes(place.stage)) === 0);
  });

  it.each(BAD_IDS)('the client asks for nothing under the id %j', async (id) => {
    let asked = 0;
    const client = createOncepostClient({
      url: place.api.url,
      apiKey: place.api.key,
      fetch: (url, init) => {
        asked += 1;
        return fetch(url, init);
      },
    });
    const { code, message, status } = Object(await refused(client.get(id)));
    expect({ code, message }).toEqual(NOT_FOUND);
    // Only what may be an id is asked for; everything else could lead to another address.
    expect({ asked, status }).toEqual(id === 'never-taken-in' ? { asked: 1, status: 404 } : { asked: 0, status: null });
  });
});

function tomorrow(): string {
  return new Date(Date.now() + 24 * 3_600_000).toISOString();
}
