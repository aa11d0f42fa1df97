// Stages that a tool of an MCP server does: what each way in which a call ends says of its effect (platform reference 9.4).
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Effect, StageSpec } from '../../../src/domain/pipeline/contract.ts';
import { mcpRunner } from '../../../src/pipeline/runners/mcp/mcp.ts';
import type { StageEnd } from '../../../src/pipeline/runners/runner.ts';
import { openDoor, overHttp, serverPolicy } from '../../mcp/doors.ts';
import { OPEN_SCHEMA, type RawServer, type RawTool, type Reply, startRawServer } from '../../mcp/raw-server.ts';
import { COMMON, control, workOf } from './stage-work.ts';

const MADE = { artifacts: { 'styled.md': '# Done', 'style.json': { words: 1 } } };
const text = (said: string, more: object = {}) => ({ content: [{ type: 'text', text: said }], ...more });
const failing = (said: string) => text(said, { isError: true });

let raw: RawServer;
beforeAll(async () => {
  raw = await startRawServer();
});
afterAll(() => raw.close());
const TOOL: RawTool = { name: 'make', inputSchema: OPEN_SCHEMA };
beforeEach(() => {
  raw.calls.length = 0;
  raw.tools = [TOOL];
});

async function run(answer: (reply: Reply) => void, effect: Effect, url = raw.url): Promise<StageEnd> {
  raw.onCall = (_call, reply) => answer(reply);
  const stage: StageSpec = {
    ...COMMON,
    runner: 'mcp',
    server: 'site',
    tool: 'make',
    lookup: null,
    effect,
    timeoutMs: 600,
  };
  const { door, close } = openDoor(serverPolicy(overHttp(url)));
  try {
    return await mcpRunner({ mcp: door, openMs: 1_500, now: () => new Date('2026-11-28T08:00:00Z') })(
      workOf(stage),
      control(),
    );
  } finally {
    await close();
  }
}

const filesOf = (end: StageEnd) =>
  end.kind === 'made' ? end.files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]) : end;

describe('a tool', () => {
  test('is told the stage, its inputs and its key, and is called once', async () => {
    await run((reply) => reply.result(text(JSON.stringify(MADE))), 'once');
    expect(raw.calls).toMatchObject([
      {
        tool: 'make',
        arguments: {
          run: { id: '20261128-080000-hello', slug: 'hello', zone: 'news' },
          stage: { id: 'style', attempt: 2, key: 'key-of-this-stage-0001' },
          inputs: [{ name: 'draft.md', text: '# Grüße\n\nÜber alles.\n' }],
          idempotency_key: 'key-of-this-stage-0001',
        },
      },
    ]);
  });

  test.each([
    ['its structured content', { content: [], structuredContent: MADE }],
    ['a text that is JSON', text(JSON.stringify(MADE))],
  ])('hands over what it made as %s', async (_what, result) => {
    expect(filesOf(await run((reply) => reply.result(result), 'once'))).toEqual([
      ['styled.md', '# Done'],
      ['style.json', '{"words":1}'],
    ]);
  });
});

function ended({ stream, response }: Reply): void {
  stream('');
  response.end();
}

function cutOff({ response }: Reply): void {
  response.writeHead(200, { 'content-length': '99' });
  response.write('{');
  response.destroy();
}

const MAY_HAVE: readonly (readonly [string, (reply: Reply) => void])[] = [
  ['throws', (reply) => reply.result(failing('The editor is away.'))],
  ['throws since something it needed was not found', (reply) => reply.result(failing('The author was not found'))],
  ['breaks its own schema', (reply) => reply.result(failing('Output validation error: Invalid structured content'))],
  [
    'answers with an error of the protocol that is none of a bad call',
    (reply) => reply.error(-32_603, 'Internal error'),
  ],
  ['does not answer in time', () => {}],
  ['breaks the connection', ({ response }) => void response.destroy()],
  ['ends a stream without an answer', ended],
  ['is cut off within its answer', cutOff],
  ['answers 500', (reply) => reply.http(500, 'no')],
  ['answers what is no answer of a stage', (reply) => reply.result(text('done!'))],
  ['made something else', (reply) => reply.result(text(JSON.stringify({ artifacts: { 'other.md': 'x' } })))],
];

const DID_NOT: readonly (readonly [string, (reply: Reply) => void, string])[] = [
  [
    'says that it did nothing',
    (reply) => reply.result(failing(JSON.stringify({ error: { message: 'Away.', executed: false } }))),
    'refused',
  ],
  ['refuses', (reply) => reply.result(text(JSON.stringify({ refused: 'No.' }))), 'refused'],
  [
    'is not known to the first kit',
    (reply) => reply.result(failing('MCP error -32602: Tool make not found')),
    'refused',
  ],
  [
    'was given what it does not take',
    (reply) => reply.result(failing('Input validation error: Invalid arguments for tool make: x')),
    'refused',
  ],
  ['is not known to the protocol', (reply) => reply.error(-32_602, 'Unknown tool: make'), 'refused'],
  ['asks for more', (reply) => reply.result({ content: [], resultType: 'input_required' }), 'refused'],
  ...[401, 403, 404].map(
    (status) => [`answers ${status}`, (reply: Reply) => reply.http(status, 'no'), 'refused'] as const,
  ),
];

describe('a tool that', () => {
  test.each(MAY_HAVE)('%s may have taken effect', async (_what, answer) => {
    expect(await run(answer, 'once')).toMatchObject({ kind: 'unknown', cause: { code: 'outcome_unknown' } });
    expect(await run(answer, 'idempotent')).toMatchObject({ kind: 'failed', mayHave: true });
  });

  test.each(DID_NOT)('%s did nothing', async (_what, answer, code) => {
    const end = await run(answer, 'once');
    expect(end).toMatchObject({ kind: 'failed', cause: { code } });
    expect(end).not.toHaveProperty('mayHave');
  });

  test.each([
    ['a number of seconds', { 'retry-after': '120' }, '2026-11-28T08:02:00.000Z'],
    ['a date', { 'retry-after': 'Sat, 28 Nov 2026 09:00:00 GMT' }, '2026-11-28T09:00:00.000Z'],
    ['no word of when', {}, '2026-11-28T08:01:00.000Z'],
  ])('answers 429 with %s is called again then', async (_what, headers, until) => {
    const end = await run((reply) => reply.http(429, 'no', headers), 'once');
    expect(end).toEqual({
      kind: 'waiting',
      says: 'The server of site/make takes no more for now; it is asked again by itself.',
      until: new Date(until),
    });
  });

  test.each<[string, (reply: Reply) => void, Effect, string]>([
    [
      'answers 500',
      (reply) => reply.http(500, 'no'),
      'none',
      'The server of site/make answered 500. It changes nothing outside, so a retry is safe.',
    ],
    [
      'answers 500 under a key',
      (reply) => reply.http(500, 'no'),
      'idempotent',
      'The server of site/make answered 500. A second call under its key does no harm, so a retry is safe.',
    ],
    [
      'is not known to the protocol',
      (reply) => reply.error(-32_602, 'Unknown tool: make'),
      'none',
      'site/make was refused (-32602), so nothing was done; mend what it names, then retry.',
    ],
    [
      'fails by the protocol',
      (reply) => reply.error(-32_603, 'Internal error'),
      'none',
      'site/make was refused (-32603). It changes nothing outside, so a retry is safe.',
    ],
  ])('%s says what is safe and what to do next', async (_what, answer, effect, words) => {
    expect(await run(answer, effect)).toMatchObject({ kind: 'failed', cause: { text: words } });
  });

  test('is not there was sent nothing', async () => {
    expect(await run(() => {}, 'once', 'http://127.0.0.1:1/mcp')).toMatchObject({
      kind: 'failed',
      cause: { code: 'unreachable', text: expect.stringContaining('nothing was done') },
    });
  });

  test('breaks the schema it was announced with may have taken effect', async () => {
    raw.tools = [{ ...TOOL, outputSchema: { type: 'object', required: ['artifacts'] } }];
    const end = await run((reply) => reply.result({ content: [], structuredContent: { id: 1 } }), 'once');
    expect(end).toMatchObject({ kind: 'unknown' });
  });
});
