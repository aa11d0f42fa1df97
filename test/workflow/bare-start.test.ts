// A publish started from any Temporal client with one JSON object (DESIGN section 11): taken in and published, or refused
// with a typed failure that says what is wrong, and then nothing is stored and nothing is sent.

import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { count, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedAccounts, workspaces } from '../../src/ledger/schema/accounts.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE, workflowIdOf } from '../harness/workflow-id.ts';
import { startAgain } from './operator.ts';
import { eventsOf, openShop, type Shop, scheduleOf, someText, untilState } from './shop.ts';

let stage: Stage;
let shop: Shop;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  shop = await openShop(stage);
});
afterAll(() => stage.close());

/** Starts with exactly this input and answers the failure the run ends with. */
async function failureOf(
  input: readonly unknown[],
  workflowId = workflowIdOf(randomUUID()),
): Promise<ApplicationFailure> {
  const { taskQueue, temporal } = stage;
  const handle = await temporal.workflow.start('publish', { workflowId, taskQueue, args: [...input] });
  try {
    await handle.result();
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) return error.cause;
    throw error;
  }
  throw new TypeError('the run did not fail');
}

const stored = async () => (await stage.context.ledger.db.select({ rows: count() }).from(schedules))[0]?.rows;

async function expectNothingDone(work: () => Promise<unknown>): Promise<void> {
  const before = [await stored(), await shop.creates()];
  await work();
  expect([await stored(), await shop.creates()]).toEqual(before);
}

const good = () => ({ workspace: WORKSPACE, account: shop.name, text: someText() });
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('a whole post', () => {
  it('is taken in under the id of the workflow, published, and its creator is called self-declared', async () => {
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    expect(await handle.result()).toMatchObject({ state: 'published', scheduleId: handle.scheduleId });
    expect(await scheduleOf(stage, handle.scheduleId)).toMatchObject({
      creator: { type: 'SELF_DECLARED', label: 'a workflow start' },
      workflowStartedAt: expect.any(Date),
    });
  });

  it('is the same schedule when it is started again while it waits, and no second run begins', async () => {
    const post = { ...good(), publishAt: new Date(Date.now() + 3_600_000).toISOString() };
    const { scheduleId } = await stage.startPublish(post);
    await untilState(stage, scheduleId, 'queued');
    await expect(startAgain(stage, scheduleId, post)).rejects.toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
  });

  it('is refused under an id that names another post', async () => {
    const { scheduleId, ...handle } = await stage.startPublish(good());
    await handle.result();
    await expectNothingDone(async () => {
      const failure = await failureOf([{ schedule: good() }], workflowIdOf(scheduleId));
      expect(failure).toMatchObject({ type: 'IntakeRefused', nonRetryable: true });
      expect(failure.details).toMatchObject([{ code: 'schedule_conflict', problems: [{ field: 'id' }] }]);
    });
  });

  it('is taken in by the workspace of the workflow id, whether or not the post names it too', async () => {
    const { workspace: _, ...post } = good();
    const { taskQueue, temporal } = stage;
    const workflowId = workflowIdOf(randomUUID());
    const handle = await temporal.workflow.start('publish', { workflowId, taskQueue, args: [{ schedule: post }] });
    expect(await handle.result()).toMatchObject({ state: 'published' });
  });

  it('is refused where it names another workspace than the workflow id, and in a workspace that there is not', async () => {
    const other = `other-${randomUUID()}`;
    await stage.context.ledger.db.insert(workspaces).values({ id: randomUUID(), name: other, createdAt: new Date() });
    const failure = await failureOf([{ schedule: { ...good(), workspace: other } }]);
    expect(failure).toMatchObject({ type: 'IntakeRefused', details: [{ problems: [{ field: 'workspace' }] }] });
    const nowhere = await failureOf([{ schedule: good() }], `publish/nowhere/${randomUUID()}`);
    expect(nowhere).toMatchObject({ type: 'IntakeRefused', details: [{ code: 'unknown_workspace' }] });
  });

  it('is refused when several accounts match, and taken in when one is named by its id', async () => {
    const [first, second] = [await openShop(stage), await openShop(stage)];
    const { db } = stage.context.ledger;
    await db
      .update(connectedAccounts)
      .set({ name: 'twins' })
      .where(inArray(connectedAccounts.id, [first.id, second.id]));
    const failure = await failureOf([{ schedule: { ...good(), account: 'twins' } }]);
    expect(failure).toMatchObject({ type: 'IntakeRefused', details: [{ code: 'ambiguous_account' }] });
    const handle = await stage.startPublish({ ...good(), account: second.id });
    expect(await handle.result()).toMatchObject({ state: 'published' });
    expect(await first.creates()).toBe(0);
    expect(await second.live()).toHaveLength(1);
  });
});

/** What is wrong with the post, and the field that is named. */
const WRONG: readonly (readonly [string, object, string])[] = [
  ['no text at all', { text: '' }, 'text'],
  ['blanks for a text', { text: ' \n ' }, 'text'],
  ['a text too long for X', { text: 'x'.repeat(281) }, 'text'],
  ['a text too long for anything', { text: 'x'.repeat(30_000) }, 'text'],
  ['a text with NUL', { text: 'a\u0000b' }, 'text'],
  ['a text with half a character', { text: 'a\ud800b' }, 'text'],
  ['a number for a text', { text: 7 }, 'text'],
  ['an account nobody connected', { account: 'nobody' }, 'account'],
  ['an account with NUL', { account: 'a\u0000' }, 'account'],
  ['an account on another platform', { platform: 'instagram' }, 'account'],
  ['a workspace that does not exist', { workspace: 'elsewhere' }, 'workspace'],
  ['a workspace with NUL', { workspace: 'a\u0000' }, 'workspace'],
  ['a date in the past', { publishAt: '2020-01-01T00:00:00Z' }, 'publishAt'],
  ['a date three years ahead', { publishAt: new Date(Date.now() + 3 * 365 * 86_400_000).toISOString() }, 'publishAt'],
  ['a date in nonsense', { publishAt: 'tomorrow' }, 'publishAt'],
  ['a date without an offset', { publishAt: '2026-12-01T09:00:00' }, 'publishAt'],
  ['a day that does not exist', { publishAt: '2027-02-30T09:00:00Z' }, 'publishAt'],
  ['an unknown key', { texts: 'Hello' }, 'texts'],
  ['a key with half a character', { 'k\ud800': 1 }, 'k\ufffd'],
  ['an unknown mode', { mode: 'later' }, 'mode'],
  ['a text for a truth value', { approvalRequired: 'yes' }, 'approvalRequired'],
  ['an id of another workflow', { id: 'other' }, 'id'],
  ['media that is none', { media: 'sample.png' }, 'media'],
  [
    'media X does not take',
    { media: [{ url: 'https://a.test/a.webp', mediaType: 'image/tiff', sizeBytes: 1 }] },
    'media.0.mediaType',
  ],
  [
    'media that is too large',
    { media: [{ url: 'https://a.test/a.png', mediaType: 'image/png', sizeBytes: 50_000_000 }] },
    'media.0.sizeBytes',
  ],
  [
    'five pictures',
    { media: Array.from({ length: 5 }, () => ({ url: 'https://a.test/a.png', mediaType: 'image/png', sizeBytes: 1 })) },
    'media',
  ],
  [
    'an address that is none',
    { media: [{ url: 'file:///etc/passwd', mediaType: 'image/png', sizeBytes: 1 }] },
    'media.0.url',
  ],
  ['options nobody knows', { options: { color: 'red' } }, 'options.color'],
  ['options with NUL', { options: { replyToPostId: '1\u0000' } }, 'options'],
  ['options nested ninety deep', { options: { a: nested(90) } }, 'options'],
];

describe('a post that is refused', () => {
  it.each(WRONG)('with %s: typed, naming the field, with nothing stored', async (_, change, field) => {
    await expectNothingDone(async () => {
      const failure = await failureOf([{ schedule: { ...good(), ...change } }]);
      expect(failure).toMatchObject({ type: 'IntakeRefused', nonRetryable: true });
      expect(JSON.stringify(failure.details)).toContain(`"field":"${field}`);
      expect(failure.message).toContain('nothing was stored');
      expect(failure.message.length).toBeLessThan(4_000);
    });
  });

  it.each([
    ['null', null],
    ['a text', 'Hello'],
    ['a list', []],
    ['a number', 7],
    ['an empty object', {}],
    ['ten thousand unknown keys', Object.fromEntries(Array.from({ length: 10_000 }, (_, key) => [`k${key}`, key]))],
  ])('when %s stands for the post', async (_, schedule) => {
    await expectNothingDone(async () => {
      expect(await failureOf([{ schedule }])).toMatchObject({ type: 'IntakeRefused' });
    });
  });

  it.each([
    'publishing',
    'publish/',
    'publish/launch-42',
    'publish/sandbox/',
    'publish/sandbox/-x',
    'publish/sandbox/a b',
    workflowIdOf('x'.repeat(129)),
    'publish/sandbox/ü',
  ])('under the workflow id %j', async (workflowId) => {
    await expectNothingDone(async () => {
      const failure = await failureOf([{ schedule: good() }], workflowId);
      expect(failure).toMatchObject({ type: 'IntakeRefused', details: [{ problems: [{ field: 'workflow id' }] }] });
    });
  });
});

describe('an input that is no start', () => {
  const id = randomUUID();

  it.each([
    ['nothing', []],
    ['null', [null]],
    ['a text', [id]],
    ['a number', [7]],
    ['a list', [[{ scheduleId: id }]]],
    ['an empty object', [{}]],
    ['a number for the id', [{ scheduleId: 7 }]],
    ['both', [{ scheduleId: id, schedule: {} }]],
    ['another id than the workflow has', [{ scheduleId: 'other' }]],
    ['an id with NUL', [{ scheduleId: `${id}\u0000` }]],
    ['an id with half a character', [{ scheduleId: '\ud800' }]],
    ['an id in HTML', [{ scheduleId: '<b>x</b>' }]],
  ])('%s: InvalidStart, with what to send instead', async (_, input) => {
    const failure = await failureOf(input, workflowIdOf(id));
    expect(failure).toMatchObject({ type: 'InvalidStart', nonRetryable: true });
    expect(failure.message).toContain('{"scheduleId": "<id>"}');
    expect(failure.message).toContain('Nothing was published.');
  });

  it('an id that no schedule has: UnknownSchedule', async () => {
    const failure = await failureOf([{ scheduleId: id }], workflowIdOf(id));
    expect(failure).toMatchObject({ type: 'UnknownSchedule', nonRetryable: true });
    expect(failure.message).toContain('nothing was published');
  });

  it.each([
    ['json/plain', '{"schedule":'],
    ['json/plain', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['x-my/own', '{}'],
    ['binary/plain', 'bytes'],
  ])('a payload of %s that cannot be read: InvalidStart, and no failing workflow task', async (encoding, data) => {
    const scheduleId = randomUUID();
    const utf8 = new TextEncoder();
    await stage.temporal.workflowService.startWorkflowExecution({
      namespace: 'default',
      workflowId: workflowIdOf(scheduleId),
      workflowType: { name: 'publish' },
      taskQueue: { name: stage.taskQueue },
      input: { payloads: [{ metadata: { encoding: utf8.encode(encoding) }, data: utf8.encode(data) }] },
      requestId: randomUUID(),
    });
    const result = stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).result();
    await expect(result).rejects.toMatchObject({ cause: { type: 'InvalidStart' } });
    expect(await eventsOf(stage, scheduleId)).not.toContain('workflowTaskFailed');
  });
});
