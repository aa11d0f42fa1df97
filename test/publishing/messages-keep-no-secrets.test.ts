// What people paste into a message is kept for ever in the audit trail, so its secrets are taken out first.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { openShop } from '../workflow/shop.ts';
import { say, taken } from './passes.ts';

const SECRET = 'abcdefgh12345678';
const pasted = `see curl -H "Authorization: Bearer ${SECRET}"`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it.each([
  ['cancel', { note: pasted }],
  ['handoff', { reason: pasted }],
  ['resolve', { verdict: 'live', platformPostId: '1', decidedBy: 'Olga', evidence: pasted }],
  ['no such message', { note: pasted }],
])('a token in %s is in no row', async (name, body) => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop);
  await say(stage, scheduleId, name, body);
  const tables = ['audit_events', 'messages', 'schedules'];
  for (const table of tables) {
    const rows = await stage.context.ledger.db.execute<{ row: string }>(
      `select to_jsonb(t)::text as row from ${table} t`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ row }) => row).join('\n')).not.toContain(SECRET);
  }
});
