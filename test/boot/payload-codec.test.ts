// What Temporal stores is sealed where there is a key, read as it is where there was none, and opened for people of its workspace alone.
import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataConverterOf, payloadKeys, workspaceOf } from '../../src/boot/payload-codec.ts';
import { startCodecServer } from '../../src/web/codec-server.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { historyWords } from '../harness/history-words.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE, workflowIdOf } from '../harness/workflow-id.ts';
import { otherWorkspace, person } from '../pages/visitor.ts';
import { openShop, someText } from '../workflow/shop.ts';

const key = () => new Uint8Array(randomBytes(32));
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const opened = (sealed: Payload): unknown => defaultPayloadConverter.fromPayload(sealed);

describe('a sealed payload', () => {
  it('is opened by the key that sealed it, also when another is the newest by now', () => {
    const [old, newest] = [key(), key()];
    const sealed = payloadKeys([old]).seal(payload({ text: 'The sea' }), 'acme');
    expect(Buffer.from(sealed.data ?? []).includes('The sea')).toBe(false);
    expect(workspaceOf(sealed)).toBe('acme');
    expect(opened(payloadKeys([newest, old]).open(sealed))).toEqual({ text: 'The sea' });
    expect(() => payloadKeys([newest]).open(sealed)).toThrow('add that key after the present one');
  });

  it('is refused where a byte of it, or the workspace it is of, was changed', () => {
    const keys = payloadKeys([key()]);
    const sealed = keys.seal(payload('x'), 'acme');
    const data = sealed.data ?? new Uint8Array();
    for (let at = 0; at < data.length; at += 1) {
      // A slice of a Buffer would be the same bytes, and what is asked below would be asked of broken ones.
      const changed = Uint8Array.from(data);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => keys.open({ ...sealed, data: changed })).toThrow('was altered');
    }
    expect(opened(keys.open(sealed))).toBe('x');
    const metadata = { ...sealed.metadata, 'oncepost-workspace': Buffer.from('other') };
    expect(() => keys.open({ ...sealed, metadata })).toThrow('was altered');
  });

  it('that is none is read as it is', () => {
    expect(opened(payloadKeys([key()]).open(payload([1, 2])))).toEqual([1, 2]);
  });
});

describe('with a key', () => {
  const secret = key();
  let stage: Stage;
  let api: TestApi;
  let sealing: Client;
  beforeAll(async () => {
    stage = await openStage({}, { ONCEPOST_PAYLOAD_KEY: Buffer.from(secret).toString('base64') });
    await stage.startWorker();
    const { connection } = stage.temporal;
    sealing = new Client({ connection, ...dataConverterOf([secret]) });
    api = await openApi(stage, { client: sealing });
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  it('a publish goes out, is told of, and takes messages, and Temporal holds none of its words', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'refuse_before', preset: 'invalid_url' });
    const [id, text] = [`sealed-${randomUUID().slice(0, 8)}`, someText()];
    const handle = await sealing.workflow.start('publish', {
      workflowId: workflowIdOf(id),
      taskQueue: stage.taskQueue,
      args: [{ schedule: { workspace: WORKSPACE, account: shop.name, text } }],
      staticSummary: `summary of ${text}`,
    });
    await expect.poll(async () => (await api.client().get(id)).schedule.state, { timeout: 120_000 }).toBe('failed');
    expect(await handle.query('status')).toMatchObject({ result: { state: 'failed' } });
    await handle.signal('replay', { requestedBy: 'Olga' });
    await expect.poll(async () => (await shop.live()).length, { timeout: 120_000 }).toBe(1);
    await handle.result();
    const stored = await historyWords(stage.temporal, handle.workflowId);
    expect(stored).toContain('binary/oncepost-sealed');
    // Search attributes are by nature in the clear: state, platform, account and workspace.
    for (const words of [text, 'Olga', 'requestedBy', 'summary of']) expect(stored).not.toContain(words);
  });

  it('what was started without it goes on, and the other way round nothing is guessed', async () => {
    const shop = await openShop(stage);
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    expect(await sealing.workflow.getHandle(handle.workflowId).result()).toMatchObject({ state: 'published' });
    expect(await shop.creates()).toBe(1);
  });
});

describe('the codec server', () => {
  const keys = payloadKeys([key()]);
  const UI = 'http://127.0.0.1:8233';
  let stage: Stage;
  let server: Awaited<ReturnType<typeof startCodecServer>>;
  beforeAll(async () => {
    stage = await openStage();
    const options = { host: '127.0.0.1', port: 0, origins: [UI], keys, publicUrl: null };
    server = await startCodecServer(stage.context, options);
  });
  afterAll(async () => {
    await server.close();
    await stage.close();
  });

  const asJson = ({ metadata, data }: Payload) => ({
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
    ),
    data: Buffer.from(data ?? []).toString('base64'),
  });
  const ask = (path: string, sessionId: string | null, payloads: Payload[], headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: UI,
        ...(sessionId === null ? {} : { cookie: `oncepost_session=${sessionId}` }),
        ...headers,
      },
      body: JSON.stringify({ payloads: payloads.map(asJson) }),
    });
  const decoded = async (response: Response) => {
    const { payloads } = (await response.json()) as { payloads: { data: string }[] };
    return payloads.map(({ data }) => Buffer.from(data, 'base64').toString('utf8'));
  };

  it('opens what is of a workspace of whoever is signed in, and nothing else', async () => {
    const { sessionId } = await person(stage, { role: 'viewer' });
    await otherWorkspace(stage, 'elsewhere');
    const [own, others, nobodys, open] = [
      keys.seal(payload('ours'), WORKSPACE),
      keys.seal(payload('theirs'), 'elsewhere'),
      keys.seal(payload('of no workspace'), ''),
      payload('open'),
    ];
    const response = await ask('/decode', sessionId, [own, others, nobodys, open]);
    expect(response.headers.get('access-control-allow-origin')).toBe(UI);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    const [first, second, third, fourth] = await decoded(response);
    expect([first, fourth]).toEqual(['"ours"', '"open"']);
    expect([second, third].join()).not.toMatch(/theirs|of no workspace/);
    const admin = await person(stage, { role: 'admin' });
    expect(await decoded(await ask('/decode', admin.sessionId, [nobodys]))).toEqual(['"of no workspace"']);
  });

  it('seals what an operator types, for the workspace that they look at', async () => {
    const { sessionId } = await person(stage, { role: 'operator' });
    const response = await ask('/encode', sessionId, [payload({ requestedBy: 'Olga' })]);
    const { payloads } = (await response.json()) as { payloads: { metadata: Record<string, string>; data: string }[] };
    const [sealed] = payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
      ),
      data: Buffer.from(data, 'base64'),
    }));
    expect(sealed && workspaceOf(sealed)).toBe(WORKSPACE);
    expect(sealed && opened(keys.open(sealed))).toEqual({ requestedBy: 'Olga' });
  });

  it('answers nobody else: no session, no JSON, another page, too much', async () => {
    const { sessionId } = await person(stage, { role: 'admin' });
    const sealed = keys.seal(payload('ours'), WORKSPACE);
    expect((await ask('/decode', null, [sealed])).status).toBe(401);
    expect((await ask('/decode', 'made-up', [sealed])).status).toBe(401);
    expect((await ask('/decode', sessionId, [sealed], { 'content-type': 'text/plain' })).status).toBe(401);
    const other = await ask('/decode', sessionId, [sealed], { origin: 'https://evil.example' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask('/decode', sessionId, [payload('x'.repeat(17 * 1024 * 1024))])).status).toBe(413);
    expect(
      (
        await fetch(`${server.url}/decode`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', cookie: `oncepost_session=${sessionId}` },
          body: 'no',
        })
      ).status,
    ).toBe(400);
  });
});
