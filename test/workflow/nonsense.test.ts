// Nonsense through the Temporal UI: signals and updates nobody defined, values of every wrong kind, payloads that cannot be
// decoded. All of it is recorded, refused and shown; none of it fails a workflow task or keeps a good message waiting.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import {
  ask,
  auditOf,
  detailsOf,
  eventsOf,
  failedPublish,
  messagesOf,
  unconfirmedPublish,
  untilDeniable,
  untilMessages,
  untilState,
} from './shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
});
afterAll(() => stage.close());

/** One value in a payload as it stands on the wire. */
interface Wire {
  readonly encoding?: string;
  readonly data: string | Uint8Array;
}

const utf8 = new TextEncoder();
const payloadOf = ({ encoding, data }: Wire) => ({
  metadata: encoding === undefined ? {} : { encoding: utf8.encode(encoding) },
  data: typeof data === 'string' ? utf8.encode(data) : data,
});
const json = (value: unknown): Wire => ({ encoding: 'json/plain', data: JSON.stringify(value) });

async function signal(scheduleId: string, signalName: string, ...values: readonly Wire[]): Promise<void> {
  await stage.temporal.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: workflowIdOf(scheduleId) },
    signalName,
    input: { payloads: values.map(payloadOf) },
    requestId: randomUUID(),
  });
}

const unknown = 'unknown_message';
const malformed = 'malformed_message';
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const manyKeys = Object.fromEntries(Array.from({ length: 10_000 }, (_, number) => [`key ${number}`, number]));

/** What is sent, by which signal, and why it is refused. */
const SIGNALS: readonly (readonly [string, string, readonly Wire[], string])[] = [
  ['a name nobody defined', 'reply', [], unknown],
  ['a name nobody defined, with a value', 'publish', [json({ force: true })], unknown],
  ['an update sent as a signal that is none', 'replay ', [], unknown],
  ['a name of an object member', 'constructor', [], unknown],
  ['a name of three hundred characters', 'n'.repeat(300), [], unknown],
  ['a name of emoji', '😀'.repeat(150), [], unknown],
  ['a name in Markdown over two lines', '`x`\n\n# **Live** <script>alert(1)</script>', [], unknown],
  ["a name of the SDK's own", '__temporal_workflow_metadata', [], unknown],
  ["another name of the SDK's own", '__temporal_', [json({})], unknown],
  ['a text', 'replay', [json('please')], malformed],
  ['an empty text', 'replay', [json('')], malformed],
  ['an explicit null', 'replay', [json(null)], malformed],
  ['a number', 'replay', [json(7)], malformed],
  ['a number beyond all numbers', 'replay', [{ encoding: 'json/plain', data: '1e999' }], malformed],
  ['a truth value', 'replay', [json(true)], malformed],
  ['an array', 'replay', [json([{ requestedBy: 'Olga' }])], malformed],
  ['a field of the wrong type', 'replay', [json({ expectedAttempt: '1' })], malformed],
  ['a fraction for a count', 'replay', [json({ expectedAttempt: 1.5 })], malformed],
  ['an unknown field', 'replay', [json({ forec: true })], malformed],
  ['ten thousand unknown fields', 'replay', [json(manyKeys)], malformed],
  [
    'a field named like a prototype',
    'replay',
    [{ encoding: 'json/plain', data: '{"__proto__": {"requestedBy": "x"}}' }],
    malformed,
  ],
  ['a field named in HTML', 'replay', [json({ '<img src=x onerror=alert(1)>': 1 })], malformed],
  ['a megabyte of text', 'replay', [json({ note: 'x'.repeat(1_000_000) })], malformed],
  ['a megabyte of array', 'cancel', [json(Array.from({ length: 200_000 }, () => 1234))], malformed],
  [
    'a value nested two hundred thousand deep',
    'replay',
    [{ encoding: 'json/plain', data: nested(200_000) }],
    malformed,
  ],
  [
    'a value nested three thousand deep',
    'handoff',
    [{ encoding: 'json/plain', data: `{"reason": ${nested(3_000)}}` }],
    malformed,
  ],
  ['NUL in a note', 'replay', [json({ note: 'a\u0000b' })], malformed],
  ['half a character in a name', 'replay', [json({ requestedBy: '\ud800' })], malformed],
  ['half a character in a field name', 'replay', [json({ '\ud800': 1 })], malformed],
  ['a date that is none', 'reschedule', [json({ publishAt: 'NaN' })], malformed],
  ['an invalid date', 'reschedule', [json({ publishAt: 'Invalid Date' })], malformed],
  ['a day that does not exist', 'reschedule', [json({ publishAt: '2026-02-30T09:00:00Z' })], malformed],
  ['a date as a number', 'reschedule', [json({ publishAt: 1_796_115_600_000 })], malformed],
  ['no date', 'reschedule', [], malformed],
  ['a value that is no JSON', 'replay', [{ encoding: 'json/plain', data: '{"requestedBy":' }], malformed],
  ['bytes', 'replay', [{ encoding: 'binary/plain', data: new Uint8Array([0, 255, 1]) }], malformed],
  ['bytes that are no text', 'replay', [{ encoding: 'json/plain', data: new Uint8Array([0xff, 0xfe]) }], malformed],
  ['an encoding nobody knows', 'replay', [{ encoding: 'x-my/own', data: '{}' }], malformed],
  ['no encoding', 'replay', [{ data: '{}' }], malformed],
  ['a protobuf', 'replay', [{ encoding: 'binary/protobuf', data: 'abc' }], malformed],
];

describe('a failed publish that is sent every kind of nonsense', () => {
  let failed: Awaited<ReturnType<typeof failedPublish>>;
  beforeAll(async () => {
    failed = await failedPublish(stage);
  });

  it.each(SIGNALS)('records and refuses %s', async (_, name, values, reason) => {
    const { scheduleId } = failed;
    const before = (await messagesOf(stage, scheduleId)).length;
    await signal(scheduleId, name, ...values);
    await untilMessages(stage, scheduleId, before + 1);
    const message = (await messagesOf(stage, scheduleId)).at(-1);
    expect(message?.verdict).toMatchObject({ accepted: false, reason });
    expect(message?.verdict.text.length).toBeLessThan(3_000);
    expect(JSON.stringify(message?.body).length).toBeLessThan(4_100);
    const line = (await detailsOf(stage, scheduleId)).split('\n').at(-1) ?? '';
    expect(line).toMatch(new RegExp(`^- \`[^\`]{1,60}\` refused, \`${reason}\`: .`));
    expect(line.length).toBeLessThan(1_500);
    // What stands in a code span is shown as it is; everything else must be escaped.
    expect(line.replace(/`[^`]*`/g, '')).not.toMatch(/(?<!\\)<\w|(?<!\\)\*\*|^#/);
  });

  it('kept every one in the audit trail, failed no workflow task, and still hears a good message', async () => {
    const { handle, scheduleId, shop } = failed;
    const refused = (await auditOf(stage, scheduleId)).filter((type) => type === 'publish.message_refused');
    expect(refused).toHaveLength(SIGNALS.length);
    expect(await eventsOf(stage, scheduleId)).not.toContain('workflowTaskFailed');
    await handle.signal('replay', { requestedBy: 'Olga' });
    expect(await handle.result()).toMatchObject({ state: 'published', attempts: 2 });
    expect(await shop.live()).toHaveLength(1);
  });
});

describe('updates', () => {
  it.each([
    ['nobody defined', 'publishNow', undefined, unknown],
    ["with a name of the SDK's own", '__temporal_x', {}, unknown],
    ['with a text', 'requestReplay', 'please', malformed],
    ['with a list', 'resolve', [], malformed],
    ['without the words they need', 'resolve', undefined, malformed],
    ['with NUL', 'completeHandoff', { completedBy: 'a\u0000' }, malformed],
    ['named like a signal', 'replay', 'x', malformed],
  ])('%s are answered with a refusal', async (_, name, body, reason) => {
    const { scheduleId } = await failedPublish(stage);
    expect(await ask(stage, scheduleId, name, body)).toMatchObject({ accepted: false, reason });
    expect(await messagesOf(stage, scheduleId)).toMatchObject([{ verdict: { reason } }]);
    expect(await eventsOf(stage, scheduleId)).not.toContain('workflowTaskFailed');
  });
});

describe('values that only look odd', () => {
  it.each([
    ['JSON in the other encoding the UI offers', [{ encoding: 'json/protobuf', data: '{"requestedBy": "Olga"}' }]],
    ['nothing at all', []],
    ['a null payload', [{ encoding: 'binary/null', data: '' }]],
    ['a second value, which does not count', [json({ requestedBy: 'Olga' }), json('more')]],
  ])('%s is a good replay', async (_, values) => {
    const { handle, scheduleId, shop } = await failedPublish(stage);
    await signal(scheduleId, 'replay', ...values);
    expect(await handle.result()).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
  });
});

it("a person's words reach the details as words, never as Markdown or HTML", async () => {
  const { scheduleId } = await unconfirmedPublish(stage, { kind: 'reset_before' });
  await untilDeniable(stage, scheduleId);
  const decidedBy = '<script>alert(1)</script> **[Olga](https://evil.test)** `x`';
  const verdict = await ask(stage, scheduleId, 'resolve', {
    verdict: 'not_live',
    decidedBy,
    evidence: '# none\n\n![x](y)',
  });
  expect(verdict).toMatchObject({ accepted: true });
  await untilState(stage, scheduleId, 'failed');
  const details = await detailsOf(stage, scheduleId);
  expect(details).toContain('\\<script\\>alert(1)\\</script\\> \\*\\*\\[Olga\\](https://evil.test)\\*\\* \\`x\\`');
  expect(details).not.toContain('<script>');
});
