// Stages done by a server: what it is asked, what each of its answers comes to, and what is known where none came.
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type HttpDeps, httpRunner } from '../../../src/pipeline/runners/http/http.ts';
import { httpLookup } from '../../../src/pipeline/runners/http/lookup.ts';
import type { HttpStage } from '../../../src/pipeline/runners/http/request.ts';
import type { StageEnd, StageInput } from '../../../src/pipeline/runners/runner.ts';
import { isPublicAddress } from '../../../src/transport/public-address.ts';
import { createTransport } from '../../../src/transport/send.ts';
import { until } from '../../harness/until.ts';
import { httpAnswer, type Script, startWireServer, type WireServer } from '../../transport/wire-server.ts';
import { COMMON, control, DRAFT, input, workOf } from './stage-work.ts';

const SECRET = 'Bearer sk-live-7f3a9c2e';
const NOW = new Date('2026-11-28T08:00:00Z');
const outbound = { userAgent: 'Oncepost/7.8.9' };
const deps: HttpDeps = {
  publicOnly: createTransport(outbound, isPublicAddress),
  anywhere: createTransport(outbound),
  env: { SITE_AUTH: SECRET, BROKEN: 'two\nlines', UMLAUT: 'schlüssel' },
  now: () => NOW,
};
afterAll(() => Promise.all([deps.publicOnly.close(), deps.anywhere.close()]));

const servers: WireServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(script: Script): Promise<WireServer> {
  const server = await startWireServer(script);
  servers.push(server);
  return server;
}

function stageAt(url: string, told: Partial<HttpStage> = {}): HttpStage {
  const own = {
    runner: 'http',
    url: `${url}/stage`,
    secretHeaders: {},
    privateAddress: true,
    lookupUrl: null,
  } as const;
  return { ...COMMON, ...own, ...told };
}

const run = (stage: HttpStage, inputs?: readonly StageInput[], signal?: AbortSignal) =>
  httpRunner(deps)(workOf(stage, inputs), control(signal));

/** The end of an attempt that was answered so. */
async function endOf(script: Script, told: Partial<HttpStage> = {}): Promise<StageEnd> {
  const { url } = await serve(script);
  return run(stageAt(url, told));
}

const says =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Script =>
  (socket) =>
    socket.write(httpAnswer(status, typeof body === 'string' ? body : JSON.stringify(body), headers));

const MADE = { artifacts: { 'styled.md': 'fine', 'style.json': { ok: true } } };

function partsOf(request = '') {
  const [head = '', ...body] = Buffer.from(request, 'latin1').toString('utf8').split('\r\n\r\n');
  return { head: head.split('\r\n'), body: JSON.parse(body.join('\r\n\r\n')) };
}

describe('an address', () => {
  test('is told the run, the stage and what it works on, with the key and its secret headers', async () => {
    const server = await serve(says(200, MADE));
    const picture = input('picture.png', 'image/png', new Uint8Array([0, 255]));
    const broken = input('broken.txt', 'text/plain', new Uint8Array([0xc3]));
    await run(stageAt(server.url, { secretHeaders: { Authorization: 'SITE_AUTH' } }), [DRAFT, picture, broken]);
    const { head, body } = partsOf(server.received[0]);
    expect(head[0]).toBe('POST /stage HTTP/1.1');
    expect(head).toEqual(
      expect.arrayContaining([
        `authorization: ${SECRET}`,
        'idempotency-key: key-of-this-stage-0001',
        'content-type: application/json',
        'user-agent: Oncepost/7.8.9',
      ]),
    );
    expect(body).toEqual({
      run: { id: '20261128-080000-hello', pipeline: 'article', slug: 'hello', zone: 'news', title: 'Hello' },
      stage: { id: 'style', attempt: 2, key: 'key-of-this-stage-0001' },
      inputs: [
        { name: 'draft.md', mediaType: 'text/markdown', sha256: DRAFT.sha256, text: '# Grüße\n\nÜber alles.\n' },
        { name: 'picture.png', mediaType: 'image/png', sha256: picture.sha256, base64: 'AP8=' },
        { name: 'broken.txt', mediaType: 'text/plain', sha256: broken.sha256, base64: 'ww==' },
      ],
      outputs: [
        { name: 'styled.md', mediaType: 'text/markdown' },
        { name: 'style.json', mediaType: 'application/json' },
      ],
    });
  });

  test('may answer with a text, Base64 or JSON, and with evidence', async () => {
    const answer = {
      artifacts: { 'styled.md': { base64: 'R3LDvMOfZQ==' }, 'style.json': [{ a: 'ü' }] },
      evidence: { model: 'm1' },
    };
    const end = await endOf(says(201, answer));
    expect(end).toMatchObject({ kind: 'made', evidence: { model: 'm1' } });
    expect(end.kind === 'made' && end.files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['styled.md', 'Grüße'],
      ['style.json', '[{"a":"ü"}]'],
    ]);
  });

  test('that is to make nothing need not say anything', async () => {
    expect(await endOf(says(204, ''), { artifacts: [] })).toEqual({ kind: 'made', files: [] });
  });

  test('whose answer takes long is said to be alive meanwhile', async () => {
    const answering = Promise.withResolvers<void>();
    const { url } = await serve(
      (socket) => void answering.promise.then(() => socket.write(httpAnswer(200, JSON.stringify(MADE)))),
    );
    const watched = control();
    const running = httpRunner(deps)(workOf(stageAt(url)), watched);
    await until('three heartbeats', () => watched.beats() >= 3);
    answering.resolve();
    expect((await running).kind).toBe('made');
  });
});

interface Row {
  readonly what: string;
  readonly script: Script;
  /** Where it may be repeated. */
  readonly code: string;
  readonly told?: Partial<HttpStage>;
}

const HALF = 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"art';

/** Behaviours after which nobody can tell whether it took effect. */
const UNKNOWN: readonly Row[] = [
  { what: 'answers 500', script: says(500, 'oops'), code: 'program_failed' },
  { what: 'answers 503 with Retry-After', script: says(503, '', { 'retry-after': '5' }), code: 'program_failed' },
  { what: 'answers 408', script: says(408, ''), code: 'timed_out' },
  { what: 'answers 302', script: says(302, '', { location: '/elsewhere' }), code: 'refused' },
  { what: 'answers nothing in time', script: () => {}, code: 'timed_out', told: { timeoutMs: 300 } },
  { what: 'stops in its answer', script: (socket) => socket.write(HALF), code: 'timed_out', told: { timeoutMs: 300 } },
  { what: 'resets the connection', script: (socket) => socket.resetAndDestroy(), code: 'answer_unreadable' },
  { what: 'closes the connection', script: (socket) => socket.end(), code: 'answer_unreadable' },
  { what: 'breaks off its answer', script: (socket) => socket.end(HALF), code: 'answer_unreadable' },
  { what: 'speaks no HTTP', script: (socket) => socket.end('220 mail.example.com\r\n'), code: 'answer_unreadable' },
  { what: 'answers more than 10 MiB', script: says(200, 'x'.repeat(10 * 1024 ** 2 + 1)), code: 'output_too_large' },
  { what: 'answers 200 with HTML', script: says(200, '<html>'), code: 'answer_unreadable' },
  { what: 'answers 200 with nothing', script: says(200, ''), code: 'answer_unreadable' },
  { what: 'answers 200 with another shape', script: says(200, { result: 'ok' }), code: 'answer_unreadable' },
  { what: 'does not make all', script: says(200, { artifacts: { 'styled.md': '' } }), code: 'answer_misfit' },
  { what: 'makes what is not declared', script: says(200, { artifacts: { 'other.md': '' } }), code: 'answer_misfit' },
  {
    what: 'gives a text as JSON',
    script: says(200, { artifacts: { 'styled.md': {}, 'style.json': {} } }),
    code: 'answer_misfit',
  },
];

describe('an address that', () => {
  test.each(UNKNOWN)('$what has failed where that may be repeated', async ({ script, code, told }) => {
    for (const effect of ['none', 'idempotent'] as const) {
      expect(await endOf(script, { ...told, effect })).toMatchObject({ kind: 'failed', cause: { code } });
    }
  });

  test.each(UNKNOWN)('$what may have done it where it happens once', async ({ script, told }) => {
    expect(await endOf(script, { ...told, effect: 'once' })).toMatchObject({
      kind: 'unknown',
      cause: { code: 'outcome_unknown', text: expect.stringContaining('may have taken effect') },
    });
  });

  test.each([400, 401, 403, 404, 409, 422])('answers %i has refused, whatever the effect', async (status) => {
    for (const effect of ['none', 'once'] as const) {
      expect(await endOf(says(status, { error: 'the title is taken' }), { effect })).toMatchObject({
        kind: 'failed',
        cause: {
          code: 'refused',
          text: expect.stringContaining(`refused it (${status})`),
          raw: expect.stringContaining('the title is taken'),
        },
      });
    }
  });

  test('says that it refuses has refused', async () => {
    expect(await endOf(says(200, { refused: 'closed on Sundays' }), { effect: 'once' })).toMatchObject({
      kind: 'failed',
      cause: { code: 'refused', text: expect.stringContaining('closed on Sundays') },
    });
  });

  test.each([
    ['120', '2026-11-28T08:02:00.000Z'],
    ['Sat, 28 Nov 2026 09:30:00 GMT', '2026-11-28T09:30:00.000Z'],
    ['Sat, 28 Nov 2026 07:30:00 GMT', '2026-11-28T08:00:01.000Z'],
    ['0', '2026-11-28T08:00:01.000Z'],
    ['999999999', '2026-11-29T08:00:00.000Z'],
    ['soon', '2026-11-28T08:01:00.000Z'],
  ])('answers 429 with Retry-After %s is asked again at %s', async (header, until) => {
    const end = await endOf(says(429, '', { 'retry-after': header }), { effect: 'once' });
    expect(end).toMatchObject({ kind: 'waiting', until: new Date(until) });
  });

  test('answers 429 without a word is asked again in a minute', async () => {
    expect(await endOf(says(429, ''))).toMatchObject({ kind: 'waiting', until: new Date('2026-11-28T08:01:00Z') });
  });

  test('is not there was sent nothing', async () => {
    const server = await startWireServer(() => {});
    await server.close();
    expect(await run(stageAt(server.url, { effect: 'once' }))).toMatchObject({
      kind: 'failed',
      cause: { code: 'unreachable', text: expect.stringMatching(/ECONNREFUSED.*nothing was sent/) },
    });
  });

  test.each(['127.0.0.1', 'localhost', '[::1]'])('is in a private network (%s) is sent nothing', async (host) => {
    const server = await serve(says(200, MADE));
    const stage = stageAt(`http://${host}:${server.port}`, {
      privateAddress: false,
      effect: 'once',
      lookupUrl: `http://${host}:${server.port}/`,
    });
    expect(await run(stage)).toMatchObject({
      kind: 'failed',
      cause: {
        code: 'not_set_up',
        text: expect.stringContaining('is at an address of a private network, so nothing was sent'),
      },
    });
    expect(await httpLookup(deps)(workOf(stage), control())).toMatchObject({
      kind: 'unreadable',
      cause: { code: 'not_set_up' },
    });
    expect(server.received).toEqual([]);
  });

  test.each([
    ['NOT_THERE', 'is not set'],
    ['BROKEN', 'holds what no header may hold'],
    ['UMLAUT', 'holds what no header may hold'],
  ])('needs the variable %s, which %s, is sent nothing', async (name, what) => {
    const server = await serve(says(200, MADE));
    const end = await run(stageAt(server.url, { secretHeaders: { 'X-Key': name }, effect: 'once' }));
    expect(end).toMatchObject({
      kind: 'failed',
      cause: {
        code: 'not_set_up',
        text: expect.stringContaining(`The variable ${name}, which the header X-Key needs, ${what}`),
      },
    });
    expect(server.received).toEqual([]);
  });
});

describe('an attempt that must end', () => {
  test.each([
    ['none', 'failed', 'stopped'],
    ['once', 'unknown', 'outcome_unknown'],
  ] as const)('while the answer is awaited, with effect %s, is %s', async (effect, kind, code) => {
    const server = await serve(() => {});
    const stop = new AbortController();
    const running = run(stageAt(server.url, { effect }), [DRAFT], stop.signal);
    await until('it was sent', () => server.received[0]?.includes('stage'));
    stop.abort();
    expect(await running).toMatchObject({ kind, cause: { code } });
    await server.closed(1);
  });

  test('before it began sends nothing', async () => {
    const server = await serve(says(200, MADE));
    const end = await run(stageAt(server.url, { effect: 'once' }), [DRAFT], AbortSignal.abort());
    expect(end).toMatchObject({ kind: 'failed', cause: { code: 'stopped' } });
    expect(server.received.filter((bytes) => bytes !== '')).toEqual([]);
  });
});

describe('the secret of a header', () => {
  const secretHeaders = { Authorization: 'SITE_AUTH' };
  const word = 'sk-live-7f3a9c2e';
  test.each([
    ['a refusal', says(403, `no: ${SECRET}`)],
    ['a refusal without its first word', says(403, `no: ${word}`)],
    ['a fault', says(500, { seen: SECRET })],
    ['an answer that cannot be read', says(200, SECRET)],
    ['an artifact', says(200, { artifacts: { 'styled.md': `a ${SECRET}`, 'style.json': {} } })],
    ['the name of an artifact', says(200, { artifacts: { [word]: '' } })],
    ['evidence', says(200, { ...MADE, evidence: { [word]: SECRET } })],
    ['its own refusal', says(200, { refused: `not with ${word}` })],
  ])('is nowhere when %s holds it', async (_, script) => {
    const end = await endOf(script, { secretHeaders });
    const files = end.kind === 'made' ? end.files.map(({ bytes }) => Buffer.from(bytes).toString()).join() : '';
    expect(`${JSON.stringify(end)} ${files}`).not.toContain(word);
  });

  test('and the path of the address are not told', async () => {
    const { url } = await serve(says(500, ''));
    const end = await run(stageAt(url, { url: `${url}/hooks/T0KEN-in-path?sig=abc`, secretHeaders }));
    expect(JSON.stringify(end)).not.toMatch(/T0KEN|sig=/);
  });
});

describe('whether an effect took place', () => {
  const lookup = async (script: Script) => {
    const server = await serve(script);
    const stage = stageAt(server.url, {
      lookupUrl: `${server.url}/seen?site=1`,
      secretHeaders: { 'X-Key': 'SITE_AUTH' },
      timeoutMs: 400,
      effect: 'once',
    });
    return { seen: await httpLookup(deps)(workOf(stage), control()), request: server.received[0] ?? '' };
  };

  test('is asked by the key', async () => {
    const { request } = await lookup(says(200, { found: false }));
    expect(request).toMatch(/^GET \/seen\?site=1&key=key-of-this-stage-0001 HTTP\/1\.1\r\n/);
    expect(request).toContain(`x-key: ${SECRET}\r\n`);
  });

  test('is known where it was found with all it made', async () => {
    const { seen } = await lookup(says(200, { found: true, ...MADE, evidence: 7 }));
    expect(seen).toMatchObject({ kind: 'found', evidence: 7, files: [{ name: 'styled.md' }, { name: 'style.json' }] });
  });

  test.each([200, 404])('is known where %i says that it was not found', async (status) => {
    expect((await lookup(says(status, { found: false }))).seen).toEqual({ kind: 'absent' });
  });

  test.each<[string, Script]>([
    ['a bare 404', says(404, 'Not Found')],
    ['a 404 that finds it', says(404, { found: true, ...MADE })],
    ['no word of it', says(200, MADE)],
    ['two words of it', says(200, { found: false, error: 'the database is down' })],
    ['less than it makes', says(200, { found: true, artifacts: {} })],
    ['a 204', says(204, '')],
    ['a 403', says(403, { found: false })],
    ['a 500', says(500, { found: false })],
    ['a 429', says(429, { found: false })],
    ['a redirect', says(302, '', { location: '/login' })],
    ['nothing in time', () => {}],
    ['a reset', (socket) => socket.resetAndDestroy()],
  ])('cannot be told from %s', async (_, script) => {
    expect((await lookup(script)).seen.kind).toBe('unreadable');
  });

  test('cannot be told where nobody can be asked', async () => {
    const server = await startWireServer(() => {});
    await server.close();
    const look = (told: Partial<HttpStage>) => httpLookup(deps)(workOf(stageAt(server.url, told)), control());
    expect(await look({})).toMatchObject({ kind: 'unreadable', cause: { code: 'not_set_up' } });
    expect(await look({ lookupUrl: server.url })).toMatchObject({ kind: 'unreadable', cause: { code: 'unreachable' } });
  });
});
