// A platform that refuses our app says nothing about an account: the publish is tried again later, the fault is audited, and
// nobody is disconnected. Codes by the platform reference: 101 and 104 are the app's.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { pass, recordOf, taken } from './passes.ts';

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

async function refusedAt(call: string, preset: string) {
  const name = `app-${call}-${preset}`;
  const account = await stage.connectSandboxAccount({ platform: 'instagram', name });
  const judge = { platform: 'instagram', account: account.card.id };
  await stage.sandbox.addFault({ ...judge, call, fault: { kind: 'refuse_before', preset } });
  const scheduleId = await taken(stage, { name }, { media: [files.item('sample.jpg')] });
  const statusOf = async () => {
    const [row] = await stage.context.ledger.db
      .select({ status: connectedAccounts.status })
      .from(connectedAccounts)
      .where(eq(connectedAccounts.id, account.id));
    return row?.status;
  };
  return { scheduleId, statusOf, live: () => stage.sandbox.live(judge) };
}

it.each([
  ['create_container', 'app_id'],
  ['create_container', 'appsecret_proof'],
  ['publish', 'app_id'],
])('%s refused with %s waits, tells of the app, and goes through when the app is well again', async (call, preset) => {
  const { scheduleId, statusOf, live } = await refusedAt(call, preset);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'retry_later', cause: { code: 'auth_failed' } });
  expect(await statusOf()).toBe('connected');
  const { audit } = await recordOf(stage, scheduleId);
  expect(audit).toContain('platform.app_fault');
  expect(await live()).toHaveLength(0);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect(await live()).toHaveLength(1);
});
