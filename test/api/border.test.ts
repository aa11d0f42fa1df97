// The border of the HTTP API: what is nonsense is refused with one envelope that names the field and the limit, and nothing
// is half stored.
import { connect } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBodySchema } from '../../src/domain/api/api-problems.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type Asked, openApi, type TestApi } from './open-api.ts';

const POST = { account: 'sandbox-x', text: 'Hello' };
const PICTURE = { url: 'https://media.example/1.jpg', mediaType: 'image/jpeg', sizeBytes: 1_000 };
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('the border of the API', () => {
  let stage: Stage;
  let api: TestApi;
  beforeAll(async () => {
    stage = await openStage();
    await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
    await stage.connectSandboxAccount({ platform: 'instagram', name: 'sandbox-ig' });
    api = await openApi(stage);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  async function storedCount(): Promise<number> {
    const [row] = await stage.context.ledger.db.execute<{ stored: string }>(
      sql`select (select count(*) from schedules) + (select count(*) from remembered_answers) as stored`,
    );
    return Number(row?.stored);
  }

  async function refused(asked: Asked, path = '/api/schedules') {
    const before = await storedCount();
    const answer = await api.ask('POST', path, asked);
    expect(await storedCount()).toBe(before);
    const { error } = errorBodySchema.parse(answer.body);
    return {
      status: answer.status,
      code: error.code,
      fields: error.problems?.map((problem) => problem.field) ?? [],
      error,
    };
  }

  describe('refuses a schedule with the field and the limit', () => {
    const day = 24 * 3_600_000;
    const CASES: Record<string, readonly [body: unknown, fields: readonly string[], words: RegExp]> = {
      'that is no object': [[], [''], /object/],
      'that is empty': [{}, ['account'], /string/],
      'without an account': [{ text: 'a' }, ['account'], /string/],
      'with an empty account': [{ ...POST, account: '' }, ['account'], /at least 1/],
      'with an over-long account': [{ ...POST, account: 'a'.repeat(129) }, ['account'], /at most 128/],
      'with unknown keys': [{ ...POST, txet: 'a', media_ids: [] }, ['txet', 'media_ids'], /not a known field/],
      'with a text that is a number': [{ ...POST, text: 7 }, ['text'], /string/],
      'with an empty text': [{ ...POST, text: '' }, ['text'], /text/],
      'with a text over every limit': [{ ...POST, text: 'a'.repeat(500_001) }, ['text'], /at most 500000/],
      "with a text over the platform's limit": [{ ...POST, text: 'a'.repeat(281) }, ['text'], /280/],
      'with a lone surrogate': [{ ...POST, text: 'a\ud83d' }, ['text'], /Unicode/],
      'with a NUL': [{ ...POST, text: 'a\u0000b' }, ['text'], /NUL/],
      'with a time in nonsense': [{ ...POST, publishAt: 'tomorrow' }, ['publishAt'], /ISO 8601/],
      'with a time without an offset': [{ ...POST, publishAt: '2027-01-01T09:00:00' }, ['publishAt'], /offset/],
      'with a time in the past': [
        { ...POST, publishAt: new Date(Date.now() - day).toISOString() },
        ['publishAt'],
        /past/,
      ],
      'with a time too far ahead': [
        { ...POST, publishAt: new Date(Date.now() + 800 * day).toISOString() },
        ['publishAt'],
        /730 days/,
      ],
      'with an id that cannot stand in a path': [{ ...POST, id: '../etc' }, ['id'], /letters/],
      'with a mode nobody knows': [{ ...POST, mode: 'later' }, ['mode'], /publish/],
      'with media of an unknown type': [
        { ...POST, media: [{ ...PICTURE, mediaType: 'image/tiff' }] },
        ['media.0.mediaType'],
        /image\/jpeg/,
      ],
      'with media of no size': [
        { ...POST, media: [{ ...PICTURE, sizeBytes: 0 }] },
        ['media.0.sizeBytes'],
        /at least|than 0|>0/,
      ],
      'with media that is no web address': [
        { ...POST, media: [{ ...PICTURE, url: 'file:///etc/passwd' }] },
        ['media.0.url'],
        /URL/i,
      ],
      'with more media than the platform takes': [
        { ...POST, media: Array.from({ length: 5 }, () => PICTURE) },
        ['media'],
        /4/,
      ],
      'with no media where the platform needs some': [
        { account: 'sandbox-ig', text: 'a' },
        ['media'],
        /media|image|video/i,
      ],
      'with options nobody knows': [{ ...POST, options: { speed: 'fast' } }, ['options.speed'], /not a known field/],
      'with options nested without end': [{ ...POST, options: { deep: nested(100) } }, [''], /at most 32 levels/],
    };
    for (const [name, [body, fields, words]] of Object.entries(CASES)) {
      it(name, async () => {
        const answer = await refused({ json: body });
        expect(answer).toMatchObject({ status: 422, fields });
        expect(answer.code).toMatch(/^invalid_(schedule|request)$/);
        expect(answer.error.message).toMatch(words);
      });
    }
  });

  describe('refuses a body', () => {
    it('that is too long, before it has read it', async () => {
      const limit = stage.context.settings.limits.requestBodyBytes;
      const text = 'a'.repeat(10 * 1024 * 1024);
      const answer = await refused({ json: { ...POST, text } });
      expect(answer).toMatchObject({ status: 413, code: 'body_too_large' });
      expect(answer.error.problems).toEqual([
        { field: '', problem: 'the body is too large', limit: `at most ${limit} bytes` },
      ]);
    });

    it('that is too long and never says how long', async () => {
      const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024).fill(0x20)),
      });
      const init = {
        method: 'POST',
        body: stream,
        duplex: 'half' as const,
        headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
      };
      const response = await fetch(`${api.url}/api/schedules`, init);
      expect(response.status).toBe(413);
    });

    it('that is no JSON, no UTF-8, or nothing', async () => {
      const broken = [...utf8('{"account":"sandbox-x","text":"'), 0xc3, 0x28, ...utf8('"}')];
      const bodies = [
        '{"account":',
        '',
        'account=sandbox-x',
        '{"account":"a"} {}',
        "{'account':'a'}",
        new Uint8Array(broken),
        new Uint8Array([0xff, 0xfe]),
      ];
      for (const raw of bodies) expect(await refused({ raw })).toMatchObject({ status: 400, code: 'malformed_body' });
    });

    it('of a megabyte of brackets, without falling over', async () => {
      const raw = `{"account":"a","options":{"x":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`;
      expect(await refused({ raw })).toMatchObject({ status: 422, code: 'invalid_request' });
    });

    it('that is not said to be JSON', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/json']) {
        const answer = await refused({ json: POST, headers: { 'content-type': type } });
        expect(answer).toMatchObject({ status: 415, code: 'unsupported_media_type' });
      }
    });

    it('with a key for idempotency that cannot be one', async () => {
      for (const key of ['two words', 'a'.repeat(256), 'é']) {
        const answer = await refused({ json: POST, headers: { 'Idempotency-Key': key } });
        expect(answer).toMatchObject({ status: 422, code: 'invalid_request', fields: ['Idempotency-Key'] });
      }
    });
  });

  it('refuses a replay that is malformed', async () => {
    const bodies: readonly (readonly [unknown, string])[] = [
      [{}, 'scheduleId'],
      [{ scheduleId: 'a b' }, 'scheduleId'],
      [{ scheduleId: 'a', expectedAttempt: -1 }, 'expectedAttempt'],
      [{ scheduleId: 'a', expectedAttempt: '1' }, 'expectedAttempt'],
      [{ scheduleId: 'a', note: 'x'.repeat(2_001) }, 'note'],
      [{ scheduleId: 'a', note: 'x\u0000' }, 'note'],
      [{ scheduleId: 'a', force: true }, 'force'],
    ];
    for (const [json, field] of bodies) {
      expect(await refused({ json }, '/api/jobs/replay')).toMatchObject({
        status: 422,
        code: 'invalid_request',
        fields: [field],
      });
    }
  });

  it('refuses a list that is asked for in nonsense', async () => {
    const queries = [
      'limit=0',
      'limit=201',
      'limit=many',
      'state=broken',
      'needsPerson=maybe',
      'cursor=abc',
      'color=red',
      'limit=1&limit=2',
    ];
    for (const query of queries) {
      const answer = await api.ask('GET', `/api/items?${query}`);
      expect(answer).toMatchObject({ status: 422, body: { error: { code: 'invalid_request' } } });
    }
  });

  it('answers an address or a method that is not there in the same envelope', async () => {
    const cases = [
      ['GET', '/api', 404, 'not_found'],
      ['GET', '/api/schedules/%00', 404, 'not_found'],
      ['GET', '/api/schedules/%zz', 404, 'not_found'],
      ['GET', `/api/schedules/${'a'.repeat(4_000)}`, 404, 'not_found'],
      ['GET', '/docs/..%2f..%2fpackage.json', 404, 'not_found'],
      ['GET', '/docs/index.html', 404, 'not_found'],
      ['PUT', '/api/schedules', 405, 'method_not_allowed'],
      ['DELETE', '/api/schedules/a', 405, 'method_not_allowed'],
      ['PUT', '/api/items', 405, 'method_not_allowed'],
      ['POST', '/health', 405, 'method_not_allowed'],
      ['GET', '/api/jobs/replay', 405, 'method_not_allowed'],
    ] as const;
    for (const [method, path, status, code] of cases) {
      const answer = await api.ask(method, path);
      expect([path, answer.status, errorBodySchema.parse(answer.body).error.code]).toEqual([path, status, code]);
      if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
    }
  });

  it('lets nobody in without a key, and a key do only what it is for', async () => {
    const reader = await api.newKey(['schedules:read']);
    const writer = await api.newKey(['schedules:write']);
    const operations = [
      ['POST', '/api/schedules', reader, 'schedules:write'],
      ['GET', '/api/schedules/a', writer, 'schedules:read'],
      ['GET', '/api/items', writer, 'schedules:read'],
      ['POST', '/api/jobs/replay', writer, 'replay'],
    ] as const;
    for (const [method, path, key, scope] of operations) {
      const body = method === 'POST' ? { json: POST } : {};
      for (const nobody of [null, 'op_unknown', 'other', `${api.key}x`, api.key.slice(0, -1)]) {
        const answer = await api.ask(method, path, { ...body, key: nobody });
        expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
      const answer = await api.ask(method, path, { ...body, key });
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'scope_missing' } } });
      expect(JSON.stringify(answer.body)).toContain(scope);
    }
    const basic = await api.ask('GET', '/api/items', { key: null, headers: { authorization: `Basic ${api.key}` } });
    expect(basic.status).toBe(401);
  });

  it('sends safe headers with every answer, and repeats no secret', async () => {
    const answers = await Promise.all([
      api.ask('GET', '/api/items'),
      api.ask('GET', '/api/nowhere'),
      api.ask('POST', '/api/schedules', { raw: '{' }),
      api.ask('GET', '/api/items', { key: 'op_secret-of-somebody' }),
    ]);
    for (const { headers, body } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(JSON.stringify(body)).not.toMatch(/op_secret|op_[\w-]{20}/);
    }
  });

  it('cuts off a request whose headers never end, and goes on', async () => {
    const { port } = new URL(api.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('GET /api/items HTTP/1.1\r\nHost: x\r\n');
    socket.write(`X-Long: ${'a'.repeat(20_000)}\r\n`);
    const said = await new Promise<string>((resolve) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      socket.on('close', () => resolve(text));
    });
    expect(said).toContain('431');
    expect((await api.ask('GET', '/api/items')).status).toBe(200);
  });
});

function nested(levels: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}
