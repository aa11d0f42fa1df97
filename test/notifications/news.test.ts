// What else is told, of real rows: a grant that ends, an approval that is asked, a hold, an outcome that nobody knows, and
// nothing that happened before anybody listened.
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { SCHEDULE_AUDIT } from '../../src/domain/audit/audit.ts';
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import { createSealer } from '../../src/ledger/accounts/seal.ts';
import { raiseAlarm } from '../../src/ledger/alarms/raise.ts';
import { appendAudit } from '../../src/ledger/audit/audit.ts';
import { placeHold, releaseHold } from '../../src/ledger/holds/holds.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import type { Stage } from '../harness/stage.ts';
import { minutesAgo, PIPELINE, place, placeAccount } from '../recovery/place.ts';
import { OLGA, openShop, someText, unconfirmedPublish, untilState } from '../workflow/shop.ts';
import { look, messages, openTold, SECRETS, webhook } from './place.ts';
import { openReceiver, type Receiver } from './receiver.ts';

let stage: Stage;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  stage = await openTold({ ops: webhook(receiver.url) });
  await stage.startWorker(SECRETS);
});
afterAll(async () => {
  await stage?.close();
  await receiver?.close();
});
beforeEach(async () => {
  await stage.context.ledger.db.execute(sql`delete from notifications`);
});

const told = async () => (await messages(stage)).map(({ telling: { event, headline } }) => [event, headline]);

it('nothing that happened more than an hour before anybody listened is told', async () => {
  const { ledger } = stage.context;
  const accountId = await placeAccount(stage, { name: 'long-ago' });
  await ledger.db.execute(sql`delete from notification_cursors`);
  for (const minutes of [90, 30]) {
    const id = await place(stage, { state: 'missed', accountId });
    const event = { traceId: randomUUID(), type: SCHEDULE_AUDIT.missed, scheduleId: id, actor: PIPELINE };
    await ledger.db.transaction((tx) =>
      appendAudit(tx, [
        { ...event, workspaceId: stage.workspaceId, payload: { to: 'missed' }, at: minutesAgo(minutes) },
      ]),
    );
  }
  await look(stage);
  expect(await told()).toEqual([
    ['needs_person', 'long-ago on x: not published in time; it goes out only at a new time'],
  ]);
});

it('a grant that ends within a week, and that no publish can renew any more, is told once', async () => {
  const days = (count: number) => new Date(Date.now() + count * 86_400_000);
  await placeAccount(stage, { name: 'ending', platform: 'instagram', grantExpiresAt: days(3) });
  await placeAccount(stage, { name: 'later', platform: 'instagram', grantExpiresAt: days(20) });
  const { context, workspaceId } = stage;
  const renews = { workspaceId, platform: 'x', name: 'renews', remoteId: 'renews', apiBase: null, scopes: [] };
  const grant = { accessToken: 'secret-token', refreshToken: 'secret-refresh' };
  await connectAccount(context.ledger, { ...renews, grant, grantExpiresAt: days(1), actor: OLGA });
  const again = () => stage.context.ledger.db.execute(sql`update notification_cursors set grants_looked_at = null`);
  await again();
  await look(stage);
  await again();
  await look(stage);
  expect(await told()).toEqual([['grant_ending', 'ending on instagram: the grant is about to end']]);
});

it('a grant of a platform that renews is told too where it holds nothing to be renewed with, within an hour', async () => {
  const { ledger } = stage.context;
  const grantExpiresAt = new Date(Date.now() + 7_200_000);
  const { db } = ledger;
  const xOf = async (name: string, refreshToken: Readonly<Record<string, string>>) => {
    const grant = { accessToken: 'secret-token', ...refreshToken };
    const id = await placeAccount(stage, { name });
    const sealedGrant = ledger.sealer.seal(id, grant);
    await db.update(connectedAccounts).set({ sealedGrant, grantExpiresAt }).where(eq(connectedAccounts.id, id));
    return id;
  };
  await xOf('renewable', { refreshToken: 'secret-refresh' });
  await xOf('for-two-hours', {});
  const unreadable = await xOf('other-key', { refreshToken: 'secret-refresh' });
  const sealedGrant = createSealer(new Uint8Array(32).fill(7)).seal(unreadable, {
    accessToken: 'x',
    refreshToken: 'x',
  });
  await db.update(connectedAccounts).set({ sealedGrant }).where(eq(connectedAccounts.id, unreadable));
  await db.execute(sql`update notification_cursors set grants_looked_at = now() - interval '61 minutes'`);
  await look(stage);
  const headlines = (await told()).map(([, headline]) => headline).filter((one) => String(one).includes('on x'));
  expect(headlines.toSorted()).toEqual([
    'for-two-hours on x: the grant is about to end',
    'other-key on x: the grant is about to end',
  ]);
});

it('an approval is asked for each version that needs one, and for none that does not', async () => {
  const shop = await openShop(stage);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const post = { account: shop.name, text: someText(), publishAt: tomorrow };
  const asked = await stage.startPublish({ ...post, approvalRequired: true });
  const free = await stage.startPublish(post);
  await untilState(stage, asked.scheduleId, 'queued');
  await untilState(stage, free.scheduleId, 'queued');
  await look(stage);
  await look(stage);
  expect(await told()).toEqual([['approval_asked', `${shop.name} on x: a post waits for approval`]]);
});

it('a hold is told when it is placed and when it is released', async () => {
  const { ledger } = stage.context;
  const { workspaceId } = stage;
  const hold = await placeHold(ledger, {
    workspaceId,
    target: { scope: 'workspace' },
    reason: 'the election',
    actor: OLGA,
  });
  await look(stage);
  const pace = { kind: 'at_once' } as const;
  await releaseHold(ledger, { workspaceId, holdId: hold?.id ?? '', pace, notOlderThan: null, actor: OLGA });
  await look(stage);
  expect((await told()).toReversed()).toEqual([
    ['hold_placed', 'Publishing is on hold for the whole workspace'],
    ['hold_released', 'The hold for the whole workspace is released'],
  ]);
});

it('an alarm is told when it opens, and not again while it stands', async () => {
  const { ledger } = stage.context;
  const { workspaceId } = stage;
  for (const says of ['It fired 60 times within a minute.', 'It goes on.']) {
    await ledger.db.transaction(async (tx) => {
      const seen = { workspaceId, kind: 'rule_storm', subject: 'Tell X', says, traceId: randomUUID() } as const;
      await appendAudit(tx, await raiseAlarm(tx, { ...seen, at: ledger.clock.now() }));
    });
    await look(stage);
  }
  expect(await told()).toEqual([['alarm_opened', 'Alarm (warning): Tell X']]);
});

it('a publish of which nobody can tell whether it is live is told as unconfirmed', async () => {
  const { shop } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
  await look(stage);
  expect(await told()).toEqual([
    ['unconfirmed', `${shop.name} on x: nobody can tell whether it is live; a person decides`],
  ]);
});
