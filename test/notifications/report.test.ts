// The morning report: at its hour there, once, with what went live, what broke, who owns it and what is waiting.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureNotificationSchedules, reportSpec } from '../../src/boot/notification-schedules.ts';
import { createOncepostClient } from '../../src/client/client.ts';
import { reportScheduleIds } from '../../src/domain/temporal/notification-ids.ts';
import { createApiKey } from '../../src/ledger/workspaces/api-keys.ts';
import { ensureWorkspace } from '../../src/ledger/workspaces/workspaces.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { minutesAgo, place, placeAccount } from '../recovery/place.ts';
import { messages, openTold, PAGES, SECRETS, webhook } from './place.ts';
import { openReceiver, type Receiver, verified } from './receiver.ts';

let stage: Stage;
let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  const report = { morning_report: { at: '07:00', zone: 'Europe/Berlin' } };
  const channels = { ops: webhook(receiver.url, ['morning_report']), quiet: webhook(receiver.url, ['healed']) };
  stage = await openTold(channels, report);
  api = await openApi(stage);
});
afterAll(async () => {
  await api?.close();
  await stage?.close();
  await receiver?.close();
});

const OLGA = { type: 'USER', id: 'operator-1', label: 'Olga Operator' } as const;
const clear = () =>
  stage.context.ledger.db.execute(sql`truncate posts, attempts, intents, approvals, schedules cascade`);

it('a quiet night is one sentence', async () => {
  const accountId = await placeAccount(stage, { name: 'acme' });
  await place(stage, { id: 'live', state: 'published', accountId });
  const report = await api.client().report();
  expect(report.sentence).toBe('A quiet night: 1 post went live, and nothing waits for anybody.');
  expect(report.live).toMatchObject({ count: 1, posts: [{ scheduleId: 'live', account: 'acme', healed: false }] });
  await clear();
});

it('a night is told whole: what broke and since when, its owner, what waits, what went live, what is next', async () => {
  const accountId = await placeAccount(stage, { name: 'acme-x' });
  await place(stage, { id: 'old', state: 'failed', cause: 'auth_expired', failedMinutesAgo: 3_000, accountId });
  await place(stage, {
    id: 'new',
    state: 'failed',
    cause: 'auth_expired',
    accountId,
    recoveryOwner: OLGA,
    text: 'Good morning',
  });
  await place(stage, { id: 'doubt', state: 'unconfirmed', cause: 'unknown', accountId });
  await place(stage, { id: 'throttled', state: 'retry_later', cause: 'rate_limited', accountId });
  await place(stage, { id: 'live', state: 'published', accountId });
  await place(stage, { id: 'later', state: 'queued', publishAt: minutesAgo(-60), accountId });
  const report = await api.client().report();
  expect(report.sentence).toBe(
    '3 publishes need a person, 2 of them since the last report; 1 post went live; 1 goes on without help.',
  );
  expect(report.broke.items.map(({ id }) => id).toSorted()).toEqual(['doubt', 'new', 'old']);
  expect(report.broke.items.find(({ id }) => id === 'new')?.owner).toMatchObject({
    role: 'recovery_owner',
    label: 'Olga Operator',
  });
  expect(report.waiting.items.map(({ id }) => id)).toEqual(['throttled']);
  expect(report.due.count).toBe(1);
});

it('another workspace is told nothing of it', async () => {
  const other = await ensureWorkspace(stage.context.ledger, 'another');
  const { key } = await createApiKey(stage.context.ledger, {
    workspaceId: other.id,
    name: 'k',
    scopes: ['schedules:read'],
    actor: OLGA,
  });
  const theirs = createOncepostClient({ url: api.url, apiKey: key });
  expect(await theirs.report()).toMatchObject({ workspace: 'another', broke: { count: 0 }, live: { count: 0 } });
});

it('it is told once to the channel that takes it, and the next tells of what came since', async () => {
  await stage.startWorker(SECRETS);
  const start = (workflowId: string) =>
    stage.temporal.workflow.execute('morningReport', { taskQueue: stage.taskQueue, workflowId, args: [WORKSPACE] });
  const first = `morning-report/${randomUUID()}`;
  await start(first);
  await until('it came', () => receiver.received.length > 0);
  const [request] = receiver.received;
  const told = request && verified(request);
  expect(told?.type).toBe('report.morning');
  expect(told?.data.headline).toBe(
    'Morning report: 3 publishes need a person, 2 of them since the last report; 1 post went live; 1 goes on without help.',
  );
  const lines = told?.data.lines.map(({ text }) => text) ?? [];
  expect(lines).toContain('acme-x on x: "Good morning". The grant has expired. Owner: Olga Operator, who claimed it.');
  expect(lines.at(0)).toBe('Needs a person (3):');
  expect(told?.data.lines.at(-1)).toEqual({ text: 'The whole report.', url: `${PAGES}/report` });

  const span = await api.client().report();
  await start(first);
  expect(await messages(stage)).toHaveLength(1);
  expect((await api.client().report()).since).toBe(span.since);

  await start(`morning-report/${randomUUID()}`);
  await until('the second came', () => receiver.received.length > 1);
  const second = receiver.received[1] && verified(receiver.received[1]);
  expect(second?.data.headline).toBe(
    'Morning report: 3 publishes need a person, none of them new; nothing went live; 1 goes on without help.',
  );
});

it('it is due at its hour there, on both sides of a change of the clock', async () => {
  const scheduleId = `dst/${randomUUID()}`;
  const begin = new Date('2027-03-26T12:00:00Z');
  await stage.temporal.schedule.create({
    scheduleId,
    spec: { ...reportSpec({ hour: 7, minute: 0, zone: 'Europe/Berlin' }), startAt: begin },
    action: { type: 'startWorkflow', workflowType: 'morningReport', taskQueue: stage.taskQueue, args: [WORKSPACE] },
  });
  const handle = stage.temporal.schedule.getHandle(scheduleId);
  const { info } = await handle.describe();
  expect(info.nextActionTimes.slice(0, 3).map((at) => at.toISOString())).toEqual([
    '2027-03-27T06:00:00.000Z',
    '2027-03-28T05:00:00.000Z',
    '2027-03-29T05:00:00.000Z',
  ]);
  await handle.delete();
});

it('the schedule follows the settings: it is there, brought to another hour, and taken away', async () => {
  const { settings } = stage.context;
  const handle = stage.temporal.schedule.getHandle(`${reportScheduleIds(stage.taskQueue)}${WORKSPACE}`);
  expect((await handle.describe()).spec.timezone).toBe('Europe/Berlin');
  const own = settings.notifications.workspaces[WORKSPACE];
  const withReport = (report: { hour: number; minute: number; zone: string } | null) => ({
    ...settings,
    notifications: {
      ...settings.notifications,
      workspaces: { [WORKSPACE]: { channels: own?.channels ?? [], report } },
    },
  });
  await ensureNotificationSchedules(stage.temporal, withReport({ hour: 8, minute: 30, zone: 'Asia/Kathmandu' }));
  expect((await handle.describe()).spec.timezone).toBe('Asia/Kathmandu');
  await until('the schedule is taken away', async () => {
    await ensureNotificationSchedules(stage.temporal, withReport(null));
    return handle.describe().then(
      () => false,
      () => true,
    );
  });
});

it('the command line says the same, and lists and tries channels', async () => {
  const env = { ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key };
  const report = await oncepost(['report'], env);
  expect({ code: report.code, stderr: report.stderr }).toEqual({ code: 0, stderr: '' });
  expect(report.stdout).toContain(
    'acme-x on x: "Good morning". The grant has expired. Owner: Olga Operator, who claimed it.',
  );
  const tried = await oncepost(['notifications', 'test', '--channel', 'quiet'], env);
  expect(tried.stdout).toBe('A test is on its way to quiet; "notifications list" shows how it went.\n');
  await until('the test is delivered', async () => (await messages(stage))[0]?.state === 'delivered');
  const listed = await oncepost(['notifications', 'list', '--json'], env);
  expect(JSON.parse(listed.stdout)).toMatchObject({
    channels: [{ name: 'ops', where: new URL(receiver.url).host }, { name: 'quiet' }],
    deliveries: [{ channel: 'quiet', event: 'test', state: 'delivered' }, {}, {}],
  });
  const nowhere = await oncepost(['notifications', 'test', '--channel', 'nowhere'], env);
  expect(nowhere.code).toBe(1);
});
