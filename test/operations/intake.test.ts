// What connectors send: taken in once, or refused, recorded and told of (F-01, F-02).
import { createHmac, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../api/open-api.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage({ 'operations.rejects_per_minute': 5 });
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

interface Sender {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly secret: string;
}

async function connector(kind: 'generic' | 'mapped' | 'ghost' | 'wordpress', more: object = {}): Promise<Sender> {
  const name = `${kind}-${randomUUID().slice(0, 8)}`;
  const { connector: made, path, secret } = await api.client().makeConnector({ name, kind, ...more });
  return { id: made.id, name, path, secret };
}

/** Signed as the specification's own library signs. */
function send({ path, secret }: Sender, body: string, id: string = randomUUID(), at = new Date()): Promise<Answer> {
  const signature = new Webhook(secret).sign(id, at, body);
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return api.ask('POST', path, {
    raw: body,
    key: null,
    headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
  });
}

const eventsOf = async ({ id }: Sender) =>
  (await api.client().events({ connector: id })).events.map(({ event }) => event);
const trail = async ({ id }: Sender, type: string) =>
  (await api.client().activity({ type })).events.filter(({ payload }) => payload.connectorId === id);
const alarmsOf = async ({ name }: Sender, state?: 'resolved') =>
  (await api.client().alarms({ kind: 'connector_rejects', ...(state ? { state } : {}) })).alarms.filter(
    ({ subject }) => subject === name,
  );

describe('a signed message', () => {
  it('is one event in one form, with a trace of its own', async () => {
    const sender = await connector('generic');
    const body = JSON.stringify({ kind: 'post.published', timestamp: '2026-11-28T07:00:00+01:00', post: { id: 7 } });
    const { status, body: told } = await send(sender, body, 'msg-1');
    expect({ status, told }).toEqual({ status: 200, told: { eventId: expect.any(String), deduped: false } });
    expect(await eventsOf(sender)).toEqual([
      {
        event_id: (told as { eventId: string }).eventId,
        occurred_at: '2026-11-28T06:00:00.000Z',
        ingested_at: expect.any(String),
        source: { channel: 'webhook', connector_id: sender.id, message_id: 'msg-1' },
        actor: null,
        content: JSON.parse(body),
        correlation: {
          trace_id: expect.any(String),
          parent_event_id: null,
          dedupe_key: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    ]);
    expect(await trail(sender, 'event.ingested')).toMatchObject([{ payload: { outcome: 'success' } }]);
  });

  it('is read where the mapping says', async () => {
    const mapping = {
      message_id: '/meta/id',
      occurred_at: '/meta/at',
      actor_id: '/by',
      content: { title: '/doc/title' },
    };
    const sender = await connector('mapped', { mapping });
    const body = { meta: { id: 99, at: '2026-11-28T07:00:00Z' }, by: 'anna', doc: { title: 'The sea' }, more: 1 };
    await send(sender, JSON.stringify(body));
    expect(await eventsOf(sender)).toMatchObject([
      {
        occurred_at: '2026-11-28T07:00:00.000Z',
        source: { message_id: '99' },
        actor: { id: 'anna', label: 'anna' },
        content: { title: 'The sea' },
      },
    ]);
    expect(await send(sender, JSON.stringify({ ...body, meta: {} }))).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('it has no id at /meta/id') } },
    });
  });

  it('of WooCommerce is known by its delivery', async () => {
    const sender = await connector('wordpress');
    const body = JSON.stringify({ id: 5, name: 'A cup', date_modified_gmt: '2026-11-28T07:00:00Z' });
    const headers = {
      'x-wc-webhook-topic': 'product.updated',
      'x-wc-webhook-delivery-id': 'd-1',
      'x-wc-webhook-signature': createHmac('sha256', sender.secret).update(body).digest('base64'),
    };
    expect((await api.ask('POST', sender.path, { raw: body, key: null, headers })).status).toBe(200);
    expect(await eventsOf(sender)).toMatchObject([
      { source: { message_id: 'd-1' }, content: { event: 'product.updated', name: 'A cup' } },
    ]);
  });
});

describe('a message that came before (F-02)', () => {
  it('is discarded, however many come at once, and recorded', async () => {
    const sender = await connector('generic');
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(sender, '{"n": 1}', 'same')));
    const taken = answers.filter(({ body }) => !(body as { deduped: boolean }).deduped);
    expect([answers.every(({ status }) => status === 200), taken.length]).toEqual([true, 1]);
    expect(await eventsOf(sender)).toHaveLength(1);
    expect(await trail(sender, 'event.deduped')).toHaveLength(19);
  });

  it('goes through once its key is cleared, and is taken by itself after its window', async () => {
    const sender = await connector('generic', { dedupe_window_s: 1 });
    await send(sender, '{"n": 1}', 'one');
    await send(sender, '{"n": 2}', 'one');
    const [discarded] = await trail(sender, 'event.deduped');
    const key = String(discarded?.payload.dedupeKey);
    await api.client().clearDedupeKey(key);
    expect(await send(sender, '{"n": 2}', 'one')).toMatchObject({ body: { deduped: false } });
    expect((await eventsOf(sender)).map(({ content }) => content.n)).toEqual([2, 1]);
    await expect(api.client().clearDedupeKey('0'.repeat(64))).rejects.toThrow();
    await expect
      .poll(async () => (await send(sender, '{"n": 3}', 'one')).body, { timeout: 120_000 })
      .toMatchObject({
        deduped: false,
      });
  });

  it('does not go through as a copy of its bytes, after its window either', async () => {
    const sender = await connector('generic', { dedupe_window_s: 1 });
    const at = new Date();
    await send(sender, '{"n": 1}', 'one', at);
    await expect
      .poll(async () => (await send(sender, '{"n": 1}', 'one')).body, { timeout: 120_000 })
      .toMatchObject({
        deduped: false,
      });
    expect(await send(sender, '{"n": 1}', 'one', at)).toMatchObject({ body: { deduped: true } });
  });
});

describe('what cannot be taken in (F-01)', () => {
  it('is not kept, but recorded; the third in a row opens an alarm, and the corrected one closes it', async () => {
    const sender = await connector('generic');
    const good = '{"kind": "post.published"}';
    const wrong = { ...sender, secret: `whsec_${Buffer.alloc(32).toString('base64')}` };
    expect(await send(wrong, good)).toMatchObject({ status: 400, body: { error: { code: 'event_rejected' } } });
    expect(await send(sender, good.slice(0, 10))).toMatchObject({ status: 400 });
    expect(await alarmsOf(sender)).toEqual([]);
    expect(await send(sender, `{"x": "${'x'.repeat(10 * 1024 * 1024)}"}`)).toMatchObject({ status: 413 });
    expect(await alarmsOf(sender)).toMatchObject([
      { state: 'open', mode: 'F-01', says: '3 in a row could not be taken in; the last is too large.' },
    ]);
    const whys = (await trail(sender, 'event.ingested')).map(({ payload }) => [payload.outcome, payload.why]);
    expect(whys.toReversed()).toEqual([
      ['failure', 'is not signed with the secret of this connector, or was signed too long ago'],
      ['failure', 'is not JSON'],
      ['failure', 'is too large'],
    ]);
    expect(await eventsOf(sender)).toEqual([]);
    expect(await send(sender, good)).toMatchObject({ status: 200 });
    expect(await alarmsOf(sender)).toEqual([]);
    expect(await alarmsOf(sender, 'resolved')).toMatchObject([{ endedBy: 'It sent what could be taken in.' }]);
  });

  it.each([
    ['signed six minutes ago', new Date(Date.now() - 360_000), '{}'],
    ['a list', new Date(), '[]'],
    ['a text', new Date(), '"x"'],
  ])('%s', async (_what, at, body) => {
    expect(await send(await connector('generic'), body, randomUUID(), at)).toMatchObject({ status: 400 });
  });

  it('in a flood is not even recorded any more', async () => {
    const sender = await connector('generic');
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(sender, 'no')));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
    expect(await trail(sender, 'event.ingested')).toHaveLength(5);
  });

  it('is nothing at all at an address that is no connector', async () => {
    expect((await api.ask('POST', `/api/events/${randomUUID()}`, { raw: '{}', key: null })).status).toBe(404);
    expect((await api.ask('POST', '/api/events/nobody', { raw: '{}', key: null })).status).toBe(404);
  });
});
