// What is no JSON in UTF-8, too much of it, or sent in the wrong way: refused by each door in its own words, and nothing
// is stored.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOncepostClient, OncepostRefused } from '../../src/client/client.ts';
import { ENDED_WITHIN_MS, type Ended, oncepost } from '../harness/program.ts';
import { X } from './bad-post.ts';
import { throughApi, throughClient, throughCommandLine } from './doors.ts';
import { openPlace, type Place } from './place.ts';
import { sentence } from './refusal.ts';
import { stored } from './stored.ts';

const POST = JSON.stringify(X);
const TOO_LONG = [
  { field: 'text', problem: 'must have at most 500000 characters', limit: 'at most 500000 characters' },
];
const TOO_LONG_FOR_X = [
  {
    field: 'text',
    problem: 'weighs 120000 characters as X counts them (a link 23, an emoji or a CJK character 2)',
    limit: '280 weighted characters',
  },
];
const TOO_DEEP = [{ field: 'options', problem: 'is nested too deeply', limit: 'at most 16 levels' }];
const BAD_KEY = [{ field: 'Idempotency-Key', problem: 'must be 1 to 255 visible ASCII characters' }];

const bytes = (...parts: readonly (string | number)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)))));
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('nothing is stored of', () => {
  let place: Place;
  let before: Record<string, string>;
  beforeAll(async () => {
    place = await openPlace();
  });
  afterAll(() => place.close());
  beforeEach(async () => {
    before = await stored(place.stage);
  });
  afterEach(async () => {
    expect(await stored(place.stage)).toEqual(before);
  });

  describe('a body that the API refuses', () => {
    it.each([
      ['is empty', ''],
      ['is cut off', POST.slice(0, -1)],
      ['goes on after its end', `${POST}${POST}`],
      ['is a form', 'account=on-x&text=Hello'],
      ['is JSON with comments', `// tonight\n${POST}`],
      ['is JSON with single quotes', POST.replaceAll('"', "'")],
      ['has NaN in it', '{"account":"on-x","text":"a","media":[{"sizeBytes":NaN}]}'],
      ['has a broken sequence of UTF-8', bytes('{"account":"on-x","text":"', 0xc3, '("}')],
      ['has an encoded surrogate', bytes('{"account":"on-x","text":"', 0xed, 0xa0, 0xbd, '"}')],
      ['has an overlong sequence', bytes('{"account":"on-x","text":"', 0xc0, 0xaf, '"}')],
      ['is Latin-1', bytes('{"account":"on-x","text":"caf', 0xe9, '"}')],
      ['is UTF-16', new Uint8Array(Buffer.from(POST, 'utf16le'))],
    ])('because it %s', async (_name, body) => {
      expect(await throughApi(place, { raw: body })).toEqual({
        status: 400,
        code: 'malformed_body',
        message: 'The body is not JSON in UTF-8; nothing was changed; correct it and send it again.',
        problems: [],
      });
    });

    it.each([
      'text/plain',
      'text/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=a',
      'application/jsonp',
      '',
    ])('because its type is "%s"', async (type) => {
      expect(await throughApi(place, { json: X, headers: { 'content-type': type } })).toMatchObject({
        status: 415,
        code: 'unsupported_media_type',
      });
    });

    it('because it has ten megabytes', async () => {
      const post = { ...X, text: 'a'.repeat(10 * 1024 * 1024) };
      expect(await throughApi(place, { json: post })).toMatchObject({
        status: 413,
        code: 'body_too_large',
        problems: [{ field: '', problem: 'the body is too large', limit: 'at most 1048576 bytes' }],
      });
    });

    it('because it is nested without end', async () => {
      const answer = await throughApi(place, { raw: `{"account":"on-x","options":{"a":${nested(400_000)}}}` });
      expect(answer).toMatchObject({
        status: 422,
        code: 'invalid_request',
        problems: [{ field: '', problem: 'is nested too deeply', limit: 'at most 32 levels' }],
      });
    });
  });

  describe('a post that the client refuses before it sends anything', () => {
    it('because it has ten megabytes', async () => {
      const refusal = await throughClient(place, { ...X, text: 'a'.repeat(10 * 1024 * 1024) });
      expect(refusal).toEqual({
        code: 'invalid_schedule',
        message: sentence('invalid_schedule', TOO_LONG),
        problems: TOO_LONG,
      });
    });

    it('because it is nested without end', async () => {
      const refusal = await throughClient(place, { ...X, options: { a: JSON.parse(nested(400_000)) } });
      expect(refusal).toEqual({
        code: 'invalid_schedule',
        message: sentence('invalid_schedule', TOO_DEEP),
        problems: TOO_DEEP,
      });
    });

    it.each([
      ['nothing', undefined],
      ['a date', new Date(0)],
      ['a number that is none', Number.NaN],
      ['a function', () => 0],
    ])('because its options hold %s', async (_name, value) => {
      const problem = 'must be JSON: text, finite numbers, true, false, null, lists and objects';
      expect(await throughClient(place, { ...X, options: { a: value } })).toMatchObject({
        code: 'invalid_schedule',
        problems: [{ field: 'options.a', problem }],
      });
    });
  });

  describe('a call with an Idempotency-Key', () => {
    it.each([
      ['that is empty', ''],
      ['with a space', 'two words'],
      ['that is no ASCII', 'clé'],
      ['that is too long', 'a'.repeat(256)],
    ])('%s, through the API and the client', async (_name, key) => {
      const refusal = { code: 'invalid_request', message: sentence('invalid_request', BAD_KEY), problems: BAD_KEY };
      const headers = { 'Idempotency-Key': key };
      expect(await throughApi(place, { json: X, headers })).toEqual({ status: 422, ...refusal });
      expect(await throughClient(place, X, { idempotencyKey: key })).toEqual(refusal);
    });

    it('that would end the header, through the client', async () => {
      const refusal = await throughClient(place, X, { idempotencyKey: 'a\r\nX-Other: b' });
      expect(refusal).toEqual({
        code: 'invalid_request',
        message: sentence('invalid_request', BAD_KEY),
        problems: BAD_KEY,
      });
    });
  });

  describe('a client that cannot reach anybody', () => {
    it.each([
      ['no address', 'nonsense', 'op_key', 'url', 'must be the http or https address of Oncepost'],
      ['an address of a file', 'file:///etc/passwd', 'op_key', 'url', 'must be the http or https address of Oncepost'],
      ['no key', 'http://127.0.0.1:1', '', 'apiKey', 'must be an API key: visible ASCII characters without spaces'],
      [
        'a key that would end the header',
        'http://127.0.0.1:1',
        'op_a\r\nb',
        'apiKey',
        'must be an API key: visible ASCII characters without spaces',
      ],
    ])('because it has %s', async (_name, url, apiKey, field, problem) => {
      const error = await createOncepostClient({ url, apiKey })
        .schedule(X)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(OncepostRefused);
      expect(error).toMatchObject({ status: null, code: 'invalid_request', problems: [{ field, problem }] });
    });
  });

  describe('a command', () => {
    it.each([
      [
        'whose text is long enough for a body',
        ['--account=on-x', `--text=${'a'.repeat(120_000)}`],
        sentence('invalid_schedule', TOO_LONG_FOR_X),
      ],
      [
        'whose options are nested without end',
        ['--account=on-x', '--text=a', `--options={"a":${nested(50_000)}}`],
        sentence('invalid_schedule', TOO_DEEP),
      ],
      [
        'whose options are no JSON',
        ['--account=on-x', '--text=a', '--options={textLimit: 280}'],
        '--options is not JSON, so nothing was sent; write it like {"replyToPostId": "123"}.',
      ],
      [
        'with more alternative texts than pictures',
        ['--account=on-x', '--text=a', '--alt=A cat'],
        'There are 1 --alt for 0 --media, so nothing was sent; give one --alt at most for each --media, in the same order.',
      ],
      [
        'with a picture that nobody serves',
        ['--account=on-x', '--text=a', '--media=http://127.0.0.1:1/a.jpg'],
        'A media file could not be read now and nothing was stored; send the same request again in a moment: media.0.url could not be reached (ECONNREFUSED).',
      ],
    ])('%s', async (_name, args, says) => {
      expect(await throughCommandLine(place, args)).toEqual({ code: 1, stdout: '', stderr: `${says}\n` });
    });

    it.each([
      ['text', '--account=on-x --text="$(printf "a\\377b")"'],
      ['account', '--account="$(printf "on-x\\303")" --text=a'],
      ['options', '--account=on-x --text=a --options="$(printf "{\\"a\\":\\"\\355\\240\\275\\"}")"'],
    ])('whose %s is broken UTF-8', async (field, args) => {
      const problem = 'must be UTF-8 (some of its bytes are not, or stand for such bytes: U+FFFD)';
      expect(await throughShell(place, args)).toEqual({
        code: 1,
        stdout: '',
        stderr: `${sentence('invalid_schedule', [{ field, problem }])}\n`,
      });
    });

    it('without an account', async () => {
      const ended = await throughCommandLine(place, ['--text=a']);
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(/^error: required option '--account <name>' not specified\n/);
    });

    it.each([
      ['ONCEPOST_URL', 'nonsense', 'must be an http or https address'],
      ['ONCEPOST_API_KEY', 'two words', 'must be an API key: visible ASCII characters without spaces'],
    ])('with a bad %s', async (name, value, problem) => {
      expect(await oncepost(['publish', '--account=on-x', '--text=a'], { [name]: value })).toEqual({
        code: 1,
        stdout: '',
        stderr: `The environment variable ${name} cannot be used: ${problem}; nothing was started; correct it and start again.\n`,
      });
    });
  });

  /** Through a shell, which passes on bytes that Node's own arguments cannot hold. */
  function throughShell({ api, stage }: Place, args: string): Promise<Ended> {
    const program = fileURLToPath(new URL('../../bin/oncepost.mjs', import.meta.url));
    const env = {
      PATH: process.env.PATH,
      ONCEPOST_DATA: stage.folder,
      ONCEPOST_URL: api.url,
      ONCEPOST_API_KEY: api.key,
    };
    return new Promise((resolve) => {
      const script = `exec "${process.execPath}" "${program}" publish ${args}`;
      execFile('sh', ['-c', script], { env, timeout: ENDED_WITHIN_MS }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }
});
