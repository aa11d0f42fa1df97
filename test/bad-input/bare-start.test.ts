// What a publish may not be started with: refused by name, once and for good, before anything is stored.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { X } from './bad-post.ts';
import { openPlace, type Place } from './place.ts';
import { json, type RawPayload, raw, startRaw } from './raw-start.ts';
import { sentence } from './refusal.ts';
import { runningPublishes, stored } from './stored.ts';

const HELP =
  'Start it with one JSON object, {"scheduleId": "<id>"} for a schedule that was taken in, or {"schedule": {...}} with the whole post, under the workflow id publish/<workspace>/<id>. Nothing was published.';
const UNREADABLE =
  'A publish was started with a value that cannot be read: it is not JSON in UTF-8, or nested more than 100 levels deep.';
const NO_OBJECT = 'A publish was started without an object.';
const NEITHER = 'A publish was started without exactly one of "scheduleId" (a text) and "schedule".';
const ID = '1 to 128 letters, digits, dots, dashes or underscores';

const bytes = (...parts: readonly (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const schedule = (post: object) => json({ schedule: { workspace: 'sandbox', ...post } });

type Start = readonly [name: string, payloads: readonly RawPayload[], says: string];

const INVALID_STARTS: readonly Start[] = [
  ['without anything', [], NO_OBJECT],
  ['with null', [json(null)], NO_OBJECT],
  ['with a text', [json('night-1')], NO_OBJECT],
  ['with a list', [json([{ scheduleId: 'night-1' }])], NO_OBJECT],
  ['with an empty object', [json({})], NEITHER],
  ['with a number for the schedule id', [json({ scheduleId: 7 })], NEITHER],
  ['with both at once', [json({ scheduleId: 'night-1', schedule: X })], NEITHER],
  ['with null for the schedule id', [json({ scheduleId: null })], NEITHER],
  [
    'with an unknown field beside the schedule',
    [json({ schedule: X, publishAt: '2027-01-01T00:00:00Z' })],
    'A publish was started with the field "publishAt", which is not known.',
  ],
  [
    'with __proto__ beside the schedule',
    [raw('{"schedule":{},"__proto__":{"scheduleId":"night-1"}}')],
    'A publish was started with the field "__proto__", which is not known.',
  ],
  [
    'with a path for the schedule id',
    [json({ scheduleId: '../night-1' })],
    `"../night-1" is no schedule id: it takes ${ID}.`,
  ],
  [
    'with an over-long schedule id',
    [json({ scheduleId: 'a'.repeat(129) })],
    `"${'a'.repeat(128)}" is no schedule id: it takes ${ID}.`,
  ],
  ['with what is no JSON', [raw('{"schedule":')], UNREADABLE],
  ['with no bytes at all', [raw('')], UNREADABLE],
  ['with broken UTF-8', [raw(bytes('{"schedule":{"account":"on-x","text":"a', 0xc3, '("}}'))], UNREADABLE],
  ['with UTF-16', [raw(Buffer.from(JSON.stringify({ schedule: X }), 'utf16le'))], UNREADABLE],
  ['with broken UTF-8 that says it is another JSON', [raw(bytes('{"a":"', 0xff, '"}'), 'json/protobuf')], UNREADABLE],
  ['with bytes', [raw(bytes(0, 1, 2), 'binary/plain')], UNREADABLE],
  ['with an encoding nobody knows', [raw('{}', 'binary/encrypted')], UNREADABLE],
  ['with what is nested too deeply', [raw(`{"schedule":{"options":${nested(101)}}}`)], UNREADABLE],
  ['with a megabyte of brackets', [raw(nested(500_000))], UNREADABLE],
];

describe('a bare start', () => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace();
  });
  afterAll(() => place.close());

  it.each(INVALID_STARTS)('%s is refused', async (_name, payloads, says) => {
    const before = await stored(place.stage);
    expect(await startRaw(place.stage, payloads)).toMatchObject({ type: 'InvalidStart', message: `${says} ${HELP}` });
    expect(await stored(place.stage)).toEqual(before);
  });

  it.each([
    ['of another schedule', workflowIdOf('b'.repeat(8)), { scheduleId: 'a' }],
    ['without "publish/"', 'a', { scheduleId: 'a' }],
  ])('under the workflow id %s is refused', async (_name, workflowId, input) => {
    expect(await startRaw(place.stage, [json(input)], workflowId)).toMatchObject({
      type: 'InvalidStart',
      message: `The workflow id "${workflowId}" does not belong to schedule "a". ${HELP}`,
    });
  });

  it.each([
    ['night-2', 'it has no "publish/"'],
    ['publish/', 'it has no id'],
    ['publish/night-2', 'it has no workspace'],
    ['publish/sandbox/..', 'its id is a path'],
    [workflowIdOf('a'.repeat(129)), 'its id is too long'],
  ])('with a whole post under the workflow id %s is refused: %s', async (workflowId) => {
    const before = await stored(place.stage);
    const problems = [
      {
        field: 'workflow id',
        problem:
          'must be publish/<workspace>/<schedule id>: the name of the workspace, and an id of 1 to 128 letters, digits, dots, dashes or underscores that begins with a letter or digit',
      },
    ];
    expect(await startRaw(place.stage, [schedule(X)], workflowId)).toEqual({
      type: 'IntakeRefused',
      code: 'invalid_schedule',
      message: sentence('invalid_schedule', problems),
      problems,
    });
    expect(await stored(place.stage)).toEqual(before);
  });

  it.each([
    [
      'with a number for its workspace',
      { ...X, workspace: 7 },
      'invalid_schedule',
      [{ field: 'workspace', problem: 'must be a string' }],
    ],
    [
      'with NUL in its workspace',
      { ...X, workspace: 'sandbox\u0000' },
      'invalid_schedule',
      [{ field: 'workspace', problem: 'must not contain the NUL character' }],
    ],
    [
      'with an over-long workspace',
      { ...X, workspace: 'a'.repeat(129) },
      'invalid_schedule',
      [{ field: 'workspace', problem: 'must have at most 128 characters', limit: 'at most 128 characters' }],
    ],
    [
      'with another workspace than that of the workflow',
      { ...X, workspace: 'nowhere' },
      'invalid_schedule',
      [{ field: 'workspace', problem: 'must equal the "sandbox" of the workflow id' }],
    ],
    [
      'whose id is not that of the workflow',
      { ...X, id: 'another' },
      'invalid_schedule',
      [{ field: 'id', problem: 'must equal the "<id>" of the workflow id' }],
    ],
    [
      'of more than a megabyte',
      { ...X, text: 'a'.repeat(1_500_000) },
      'invalid_schedule',
      [{ field: 'text', problem: 'must have at most 500000 characters', limit: 'at most 500000 characters' }],
    ],
  ] as const)('with a post %s is refused', async (_name, post, code, problems) => {
    const before = await stored(place.stage);
    expect(await startRaw(place.stage, [schedule(post)])).toEqual({
      type: 'IntakeRefused',
      code,
      message: sentence(code, problems),
      problems,
    });
    expect(await stored(place.stage)).toEqual(before);
  });

  it('for a schedule that was never taken in is refused', async () => {
    const scheduleId = 'never-taken-in';
    const refusal = await startRaw(place.stage, [json({ scheduleId })], workflowIdOf(scheduleId));
    expect(refusal).toMatchObject({ type: 'UnknownSchedule', message: expect.stringContaining(scheduleId) });
  });

  it('of ten megabytes is refused by Temporal itself, and no run begins', async () => {
    const workflowId = workflowIdOf(randomUUID());
    const payload = schedule({ ...X, text: 'a'.repeat(10 * 1024 * 1024) });
    await expect(startRaw(place.stage, [payload], workflowId)).rejects.toThrow(
      /RESOURCE_EXHAUSTED|larger than max|exceeds/,
    );
    await expect(place.stage.temporal.workflow.getHandle(workflowId).describe()).rejects.toThrow(/not found/i);
  });

  it('of these leaves none running', async () => {
    expect(await runningPublishes(place.stage)).toBe(0);
  });
});
