// A post that was thought absent and turns out to be live: nothing more is sent, and a person can put it on record.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { intents, schedules } from '../../src/ledger/schema/schedules.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { pass, recordOf, rescheduleSoon, say, taken } from './passes.ts';

let stage: Stage;
let files: MediaFiles;
beforeAll(async () => {
  stage = await openStage();
  files = await serveMedia();
});
afterAll(async () => {
  await stage.close();
  await files.close();
});

/** As when it stayed hidden for longer than the horizon and both misses. */
async function callAbsent(scheduleId: string): Promise<void> {
  const { db } = stage.context.ledger;
  const closedAt = new Date();
  await db.update(intents).set({ state: 'absent', closedAt }).where(eq(intents.scheduleId, scheduleId));
  await db.update(schedules).set({ state: 'failed', wakeAt: null }).where(eq(schedules.id, scheduleId));
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

it('an Instagram post that was called absent is found by its container before another is made', async () => {
  const { card } = await stage.connectSandboxAccount({ platform: 'instagram', name: 'late' });
  const account = { platform: 'instagram', account: card.id } as const;
  await stage.sandbox.addFault({ ...account, call: 'publish', fault: { kind: 'commit_then_reset' } });
  const scheduleId = await taken(stage, { name: 'late' }, { media: [files.item('sample.jpg')] });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
  await until('it is live', async () => (await stage.sandbox.live(account)).length === 1);
  await callAbsent(scheduleId);
  const [post] = await stage.sandbox.live(account);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', platformPostId: post?.id });
  expect(await stage.sandbox.live(account)).toHaveLength(1);
});

it('one that is published and not listed stops the publish as unconfirmed, and a person resolves it', async () => {
  const { card } = await stage.connectSandboxAccount({ platform: 'instagram', name: 'late-and-hidden' });
  const account = { platform: 'instagram', account: card.id } as const;
  await stage.sandbox.addFault({ ...account, call: 'publish', fault: { kind: 'hidden_from_list', ms: 'forever' } });
  await stage.sandbox.addFault({ ...account, call: 'publish', fault: { kind: 'commit_then_reset' } });
  const scheduleId = await taken(stage, { name: 'late-and-hidden' }, { media: [files.item('sample.jpg')] });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
  await until('it is live', async () => (await stage.sandbox.live(account)).length === 1);
  await callAbsent(scheduleId);

  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'unconfirmed' });
  expect(await say(stage, scheduleId, 'reschedule', { publishAt: inAnHour() })).toMatchObject({
    accepted: false,
    reason: 'call_may_have_left',
  });
  const found = { verdict: 'live', platformPostId: 'seen-by-olga', decidedBy: 'Olga', evidence: 'looked' };
  expect(await say(stage, scheduleId, 'resolve', found)).toMatchObject({ accepted: true });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', platformPostId: 'seen-by-olga' });
  expect(await stage.sandbox.live(account)).toHaveLength(1);
});

it('a person denied it while its container says that it is published: nothing more is sent, whatever its time', async () => {
  const { card } = await stage.connectSandboxAccount({ platform: 'instagram', name: 'unlisted' });
  const account = { platform: 'instagram', account: card.id } as const;
  await stage.sandbox.addFault({ ...account, call: 'publish', fault: { kind: 'hidden_from_list', ms: 'forever' } });
  await stage.sandbox.addFault({ ...account, call: 'publish', fault: { kind: 'commit_then_reset' } });
  const scheduleId = await taken(stage, { name: 'unlisted' }, { media: [files.item('sample.jpg')] });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
  const unconfirmed = async () => (await pass(stage, scheduleId)).state === 'unconfirmed';
  await until('nobody can tell', unconfirmed);
  const denial = { verdict: 'not_live', decidedBy: 'Olga', evidence: 'I do not see it' };
  await until('it can be denied', async () => (await say(stage, scheduleId, 'resolve', denial)).accepted);
  await rescheduleSoon(stage, scheduleId);
  const result = await pass(stage, scheduleId);
  expect(result).toMatchObject({ state: 'unconfirmed' });
  expect(result.cause?.text).toMatch(/^Instagram contradicts .+ the container is published.+resolve it as live\.$/);
  const publishes = await stage.sandbox.calls({ ...account, call: 'publish' });
  expect(publishes).toHaveLength(1);
  const [post] = await stage.sandbox.live(account);
  const found = { ...denial, verdict: 'live', platformPostId: post?.id };
  expect(await say(stage, scheduleId, 'resolve', found)).toMatchObject({ accepted: true });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', platformPostId: post?.id });
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['live'] });
});
