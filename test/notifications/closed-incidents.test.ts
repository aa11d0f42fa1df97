// An incident closes when none of its publishes stands failed for it any more, and what is told then is true of each of them,
// however it went on.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ScheduleState } from '../../src/domain/schedules/states.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openShop, REFUSAL, scheduleOf, someText, untilState } from '../workflow/shop.ts';
import { look, messages, openTold, SECRETS, webhook } from './place.ts';
import { openReceiver, type Receiver } from './receiver.ts';

let stage: Stage;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  stage = await openTold({ ops: webhook(receiver.url, ['incident_opened', 'incident_closed']) });
  await stage.startWorker(SECRETS);
});
afterAll(async () => {
  await stage?.close();
  await receiver?.close();
});
beforeEach(async () => {
  await stage.context.ledger.db.execute(sql`delete from notifications`);
});

/** An account on which so many publishes were refused for `publish_failed`, which was told. */
async function incident(members: number) {
  const shop = await openShop(stage);
  await shop.fault(REFUSAL, { times: members });
  const handles = [];
  for (let n = 0; n < members; n += 1) {
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, handle.scheduleId, 'failed');
    handles.push(handle);
  }
  await look(stage);
  expect((await messages(stage)).map(({ telling }) => telling.event)).toEqual(['incident_opened']);
  return { shop, handles };
}

/** What the channel was told when it closed. */
async function closed(headline: RegExp): Promise<string[]> {
  await look(stage);
  const [told] = (await messages(stage)).filter(({ telling }) => telling.event === 'incident_closed');
  expect(told?.telling.headline).toMatch(headline);
  return (told?.telling.lines ?? []).map(({ text }) => text).slice(1);
}

it('live, canceled and handed over, each is counted as what it is', async () => {
  const { handles } = await incident(3);
  const [live, canceled, byHand] = handles;
  await live?.signal('replay', {});
  await live?.result();
  await canceled?.signal('cancel', {});
  await canceled?.result();
  await byHand?.signal('handoff', {});
  await untilState(stage, byHand?.scheduleId ?? '', 'handoff_pending');
  expect(await closed(/: the incident is over\./)).toEqual([
    'What became of the 3 publishes that failed for it: 1 handed to a person, 1 live, 1 canceled.',
  ]);
});

it('one that failed for another reason is not told as live', async () => {
  const { shop, handles } = await incident(1);
  const [handle] = handles;
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { times: null });
  await handle?.signal('replay', {});
  await until('it failed for another reason', async () => {
    const row = await scheduleOf(stage, handle?.scheduleId ?? '');
    return row?.state === 'failed' && row.cause?.code !== 'publish_failed';
  });
  expect(await closed(/: no publish stands failed for this any more\./)).toEqual([
    'What became of the 1 publish that failed for it: 1 failed for another reason.',
    'What is not live stands there with what stops it now.',
  ]);
});

it.each<[ScheduleState, string]>([
  ['blocked', '1 stopped at the gate'],
  ['missed', '1 too late'],
  ['unconfirmed', '1 live or not, which nobody can tell'],
  ['repair_required', '1 without its account'],
])('one that is %s now is told as that', async (state, words) => {
  const { handles } = await incident(1);
  const id = handles[0]?.scheduleId ?? '';
  await stage.context.ledger.db.execute(sql`update schedules set state = ${state} where id = ${id}`);
  expect(await closed(/: no publish stands failed for this any more\./)).toEqual([
    `What became of the 1 publish that failed for it: ${words}.`,
    'What is not live stands there with what stops it now.',
  ]);
});

it('those that the gate stopped for it are counted with those that met the refusal', async () => {
  const shop = await openShop(stage);
  await shop.revoke();
  const handles = [];
  for (let n = 0; n < 3; n += 1) {
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, handle.scheduleId, 'failed');
    handles.push(handle);
  }
  await look(stage);
  expect((await messages(stage)).map(({ telling }) => telling.event)).toEqual(['incident_opened']);
  await shop.reconnect();
  for (const handle of handles) {
    await handle.signal('replay', {});
    await handle.result();
  }
  expect(await closed(/: the incident is over\./)).toEqual([
    'What became of the 3 publishes that failed for it: 3 live.',
  ]);
});

it('those that failed for it before it began are not counted', async () => {
  const { shop, handles } = await incident(1);
  await handles[0]?.signal('replay', {});
  await handles[0]?.result();
  await look(stage);
  await stage.context.ledger.db.execute(sql`delete from notifications`);
  await shop.fault(REFUSAL, { times: 1 });
  const again = await stage.startPublish({ account: shop.name, text: someText() });
  await untilState(stage, again.scheduleId, 'failed');
  await look(stage);
  await again.signal('replay', {});
  await again.result();
  expect(await closed(/: the incident is over\./)).toEqual([
    'What became of the 1 publish that failed for it: 1 live.',
  ]);
});
