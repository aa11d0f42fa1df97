// Webhooks on real sockets: what is told, once each, signed so that the library of Standard Webhooks believes it, and tried
// again under the same id.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openApi } from '../api/open-api.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { failedPublish, openShop, someText, untilState } from '../workflow/shop.ts';
import { look, messages, openTold, PAGES, SECRETS, settled, webhook } from './place.ts';
import { openReceiver, type Receiver, verified } from './receiver.ts';

let stage: Stage;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  stage = await openTold({ ops: webhook(`${receiver.url}/ops`) });
  await stage.startWorker(SECRETS);
});
afterAll(async () => {
  await stage?.close();
  await receiver?.close();
});
beforeEach(async () => {
  receiver.answers(204);
  await look(stage);
  await settled(stage);
  await stage.context.ledger.db.execute(sql`delete from notifications`);
  receiver.forget();
});

describe('a publish that fails', () => {
  it('is told once, with what broke, what is safe, who owns it and where to go', async () => {
    const text = someText();
    const { shop, scheduleId } = await failedPublish(stage, { text });
    await look(stage);
    await until('it was told', () => receiver.received.length > 0);
    await look(stage);
    await settled(stage);
    expect(receiver.received).toHaveLength(1);
    const [first] = receiver.received;
    const told = first && verified(first);
    expect(told?.type).toBe('incident.opened');
    expect(told?.data).toMatchObject({ scheduleId, accountId: shop.id, platform: 'x', cause: 'publish_failed' });
    expect(told?.data.headline).toBe(
      `${shop.name} on x: not published. The platform refused the post and gave no finer reason.`,
    );
    const lines = told?.data.lines.map(({ text: words, url }) => [words, url]);
    expect(lines?.[0]?.[0]).toMatch(new RegExp(`^"${text}" was due .* UTC and is not live\\.$`));
    expect(lines?.[0]?.[1]).toBe(`${PAGES}/schedules/${scheduleId}`);
    expect(lines?.[1]).toEqual([
      '1 publish of this account failed for it so far; others that do are not told one by one.',
      `${PAGES}/incidents/${shop.id}/publish_failed`,
    ]);
    expect(lines?.[2]).toEqual(['Nothing is sent again until somebody decides.', null]);
    expect(lines?.[4]).toEqual([
      'Next: replay it; the platform is asked first where a call may have left.',
      `${PAGES}/schedules/${scheduleId}`,
    ]);
  });

  it('joins the incident of its account and cause without a word; the incident closes when none is left, and each that goes live is healed', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'refuse_before', preset: 'invalid_url' }, { times: 3 });
    const handles = [];
    for (let n = 0; n < 3; n += 1) {
      const handle = await stage.startPublish({ account: shop.name, text: someText() });
      await untilState(stage, handle.scheduleId, 'failed');
      handles.push(handle);
      await look(stage);
    }
    await settled(stage);
    expect(receiver.received.map((one) => verified(one).type)).toEqual(['incident.opened']);
    receiver.forget();
    for (const handle of handles) {
      await handle.signal('replay', {});
      await handle.result();
    }
    await look(stage);
    await settled(stage);
    const types = receiver.received.map((one) => verified(one).type).toSorted();
    expect(types).toEqual(['incident.closed', 'publish.healed', 'publish.healed', 'publish.healed']);
  });
});

describe('a receiver that does not take it', () => {
  it('gets it again five seconds later, under the same id with a time and signature of its own', async () => {
    receiver.answers(500, 204);
    await failedPublish(stage);
    await look(stage);
    await until('it came twice', () => receiver.received.length >= 2);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(first && verified(first)).toEqual(second && verified(second));
    await until('it is delivered', async () => (await messages(stage))[0]?.state === 'delivered');
    expect((await messages(stage))[0]).toMatchObject({ tries: 2, failure: null });
  });

  it('is given up after the last of ten tries, and told in words; sent again it keeps its id', async () => {
    receiver.answers(400);
    await failedPublish(stage);
    await look(stage);
    const failed = await until('it was tried', async () => (await messages(stage)).find(({ tries }) => tries === 1));
    await stage.context.ledger.db.execute(
      sql`update notifications set tries = 9, next_try_at = now() - interval '1 second' where id = ${failed.id}`,
    );
    await look(stage);
    await until(
      'it is given up',
      async () => (await messages(stage)).find(({ id }) => id === failed.id)?.state === 'dead',
    );
    const dead = (await messages(stage)).find(({ id }) => id === failed.id);
    expect(dead).toMatchObject({ tries: 10, nextTryAt: null, failure: 'The receiver answered 400.' });
    receiver.answers(204);
    receiver.forget();
    const api = await openApi(stage);
    expect(await api.client().redeliverNotification(failed.id)).toEqual({ id: failed.id });
    await until('it came', () => receiver.received.length > 0);
    expect(receiver.received[0]?.headers['webhook-id']).toBe(`msg_${failed.id}`);
    await api.close();
  });

  it('and says 410 gets it no more', async () => {
    receiver.answers(410);
    await failedPublish(stage);
    await look(stage);
    await until('it is given up', async () => (await messages(stage))[0]?.state === 'dead');
    expect((await messages(stage))[0]).toMatchObject({
      tries: 1,
      failure: 'The receiver answered 410. It wants nothing more of it.',
    });
  });
});

it('a publish of unknown outcome that turns out live is healed, and a plain one is no news', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'commit_then_reset' });
  const handle = await stage.startPublish({ account: shop.name, text: someText() });
  expect(await handle.result()).toMatchObject({ state: 'published' });
  await (await stage.startPublish({ account: shop.name, text: someText() })).result();
  await look(stage);
  await until('it was told', () => receiver.received.length > 0);
  await settled(stage);
  expect(receiver.received.map((one) => verified(one))).toMatchObject([
    { type: 'publish.healed', data: { scheduleId: handle.scheduleId } },
  ]);
});

it('nothing of an account is told that is secret, and of a post no more than its beginning', async () => {
  const text = `Long ${'word '.repeat(50)}the end of it`;
  await failedPublish(stage, { text });
  await look(stage);
  await until('it was told', () => receiver.received.length > 0);
  const all = receiver.received.map(({ body }) => body).join('\n');
  expect(all).toContain('Long word word');
  expect(all).not.toContain('the end of it');
  expect(all).not.toMatch(/token|secret|bearer/i);
});

it('two looks at once tell each thing once', async () => {
  await failedPublish(stage);
  await failedPublish(stage);
  await Promise.all([look(stage), look(stage), look(stage)]);
  await settled(stage);
  expect(receiver.received.map((one) => verified(one).type)).toEqual(['incident.opened', 'incident.opened']);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
});

it('a workflow started by hand with nonsense delivers nothing and ends', async () => {
  for (const args of [[{ workspaceId: randomUUID(), channel: 'ops' }], [{ nonsense: true }]]) {
    const handle = await stage.temporal.workflow.start('deliver', {
      taskQueue: stage.taskQueue,
      workflowId: `deliver/${randomUUID()}`,
      args,
    });
    await handle.result().catch(() => {});
    expect((await handle.describe()).status.name).not.toBe('RUNNING');
  }
  expect(receiver.received).toEqual([]);
});
