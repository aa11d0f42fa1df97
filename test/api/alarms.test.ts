// Alarms at every door: one for as long as it lasts, acked, resolved, and answered alike to browsers and programs (O5, O7).
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlarmKindName } from '../../src/domain/alarms/alarm.ts';
import { endAlarm, raiseAlarm } from '../../src/ledger/alarms/raise.ts';
import { appendAudit } from '../../src/ledger/audit/audit.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { openApi, type TestApi } from './open-api.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const subject = () => `subject-${randomUUID().slice(0, 8)}`;

/** Something is seen, as the part that sees it says so. */
async function seen(kind: AlarmKindName, about: string, says = 'It does not answer.', workspaceId = stage.workspaceId) {
  const { ledger } = stage.context;
  await ledger.db.transaction(async (tx) => {
    const what = { workspaceId, kind, subject: about, says, traceId: randomUUID(), at: ledger.clock.now() };
    await appendAudit(tx, await raiseAlarm(tx, what));
  });
}

async function over(kind: AlarmKindName, about: string) {
  const { ledger } = stage.context;
  await ledger.db.transaction(async (tx) => {
    const what = { workspaceId: stage.workspaceId, kind, subject: about, by: 'It answered.', at: ledger.clock.now() };
    await appendAudit(tx, await endAlarm(tx, what));
  });
}

const standing = async (about: string) => (await api.client().alarms()).alarms.filter((one) => one.subject === about);
const resolved = async (about: string) =>
  (await api.client().alarms({ state: 'resolved' })).alarms.filter((one) => one.subject === about);
const trail = async (type: string) => (await api.client().activity({ type })).events;

describe('a condition that lasts', () => {
  it('is one alarm, however many see it at once, and on record once', async () => {
    const about = subject();
    await Promise.all(Array.from({ length: 20 }, () => seen('integration_down', about)));
    await seen('integration_down', about, 'It refuses the connection.');
    expect(await standing(about)).toMatchObject([
      {
        kind: 'integration_down',
        mode: 'F-08',
        severity: 'critical',
        state: 'open',
        says: 'It refuses the connection.',
        next: 'Mend it, then enable the integration again.',
        count: 21,
      },
    ]);
    const opened = (await trail('alarm.opened')).filter(({ payload }) => payload.subject === about);
    expect(opened).toHaveLength(1);
  });

  it('is acked by somebody with a note, resolved by another, and opens anew the next time', async () => {
    const about = subject();
    await seen('rule_storm', about);
    const client = api.client();
    const [{ id = '' } = {}] = await standing(about);
    expect(await client.answerAlarm(id, 'ack', 'I look at the rule.')).toMatchObject({ state: 'acked' });
    expect(await client.answerAlarm(id, 'ack', 'So do I.')).toEqual({
      id,
      state: 'acked',
      says: 'Somebody knows of it already; nothing was changed.',
    });
    expect(await client.answerAlarm(id, 'resolve', 'The debounce is a minute now.')).toMatchObject({
      state: 'resolved',
    });
    expect(await client.answerAlarm(id, 'resolve', 'Again.')).toMatchObject({
      says: 'It is over already; nothing was changed.',
    });
    expect(await standing(about)).toEqual([]);
    expect(await resolved(about)).toMatchObject([
      {
        words: [
          { verdict: 'ack', note: 'I look at the rule.', by: 'nightly' },
          { verdict: 'resolve', note: 'The debounce is a minute now.', by: 'nightly' },
        ],
      },
    ]);
    await seen('rule_storm', about);
    expect(await standing(about)).toMatchObject([{ state: 'open', count: 1 }]);
  });

  it('closes by itself where its end is proved, and where it cannot be, waits for a person', async () => {
    const [down, leak] = [subject(), subject()];
    await seen('integration_down', down);
    await seen('secret_leak_detected', leak, 'A token stood in a note; it was masked.');
    await over('integration_down', down);
    await over('secret_leak_detected', leak);
    expect(await resolved(down)).toMatchObject([{ state: 'resolved', endedBy: 'It answered.', words: [] }]);
    expect(await standing(leak)).toMatchObject([{ state: 'open' }]);
  });
});

describe('the address /alarms', () => {
  it('answers programs as /api/alarms does, and browsers with a page behind the sign-in', async () => {
    const about = subject();
    await seen('task_stuck', about);
    const byApi = await api.ask('GET', '/api/alarms?kind=task_stuck');
    const short = await api.ask('GET', '/alarms?kind=task_stuck');
    expect(short).toMatchObject({ status: 200, body: byApi.body });
    const [{ id = '' } = {}] = await standing(about);
    expect(await api.ask('POST', `/alarms/${id}/ack`, { json: { note: 'It was slow.' } })).toMatchObject({
      status: 200,
      body: { state: 'acked' },
    });
    const page = await api.ask('GET', '/alarms', { key: null, headers: { accept: 'text/html' } });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>Sign in') });
    expect((await api.ask('GET', '/alarms', { key: null })).status).toBe(401);
  });

  it.each([
    ['no note', { json: {} }, 422],
    ['an empty note', { json: { note: ' ' } }, 422],
    ['no JSON', { raw: 'note=x', headers: { 'content-type': 'text/plain' } }, 415],
  ])('refuses an answer with %s', async (_what, asked, status) => {
    const about = subject();
    await seen('task_stuck', about);
    const [{ id = '' } = {}] = await standing(about);
    expect((await api.ask('POST', `/alarms/${id}/resolve`, asked)).status).toBe(status);
    expect(await standing(about)).toMatchObject([{ state: 'open', words: [] }]);
  });

  it('does not know the alarms of another workspace', async () => {
    const other = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: other, name: `w-${other}`, createdAt: new Date() });
    const about = subject();
    await seen('rule_storm', about, 'It fired 900 times in a minute.', other);
    const theirs = api.client(await api.newKey(undefined, other));
    const [{ id = '' } = {}] = (await theirs.alarms()).alarms;
    expect(await standing(about)).toEqual([]);
    expect((await api.ask('POST', `/alarms/${id}/ack`, { json: { note: 'Mine?' } })).status).toBe(404);
    expect((await theirs.alarms()).alarms).toMatchObject([{ subject: about, state: 'open' }]);
  });

  it('tells them page by page, those seen last first', async () => {
    const client = api.client();
    for (let count = 0; count < 3; count += 1) await seen('connector_rejects', subject());
    const first = await client.alarms({ kind: 'connector_rejects', limit: 2 });
    const second = await client.alarms({ kind: 'connector_rejects', limit: 2, after: first.next ?? '' });
    expect([first.alarms.length, second.alarms.length, second.next]).toEqual([2, 1, null]);
    const times = [...first.alarms, ...second.alarms].map(({ lastAt }) => lastAt);
    expect(times).toEqual(times.toSorted().reverse());
  });
});
