// How far back a look must begin: at the first create of the schedule whose post may still turn up.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cause } from '../../src/domain/causes/causes.ts';
import { readFirstCreate } from '../../src/ledger/intents/intents.ts';
import { intents } from '../../src/ledger/schema/schedules.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { openShop } from '../workflow/shop.ts';
import { pass, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const AN_HOUR_AGO = new Date(Date.now() - 3_600_000);
const gone = cause({
  code: 'publish_failed',
  source: 'status_only',
  platform: 'x',
  stage: 'create',
  externalText: 'It never appeared.',
  rawText: '',
});

it.each([
  ['was refused by the platform', { state: 'refused', ifAbsent: null }, false],
  ['was never sent', { state: 'not_sent', ifAbsent: null }, false],
  ['was thought absent', { state: 'absent', ifAbsent: null }, true],
  ['was looked for and called a failure', { state: 'refused', ifAbsent: gone }, true],
] as const)('a create that %s', async (_, became, mayTurnUp) => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'reset_before' });
  const scheduleId = await taken(stage, shop);
  await pass(stage, scheduleId);
  const { ledger } = stage.context;
  const mine = eq(intents.scheduleId, scheduleId);
  await ledger.db
    .update(intents)
    .set({ ...became, sentAt: AN_HOUR_AGO, closedAt: new Date() })
    .where(mine);
  expect((await readFirstCreate(ledger, stage.keyOf(scheduleId)))?.sentAt).toEqual(mayTurnUp ? AN_HOUR_AGO : undefined);
});
