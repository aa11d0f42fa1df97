// What rules do for events: once each, within their pauses, and never in a storm (O4, F-14).
import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OncepostClient } from '../../src/client/client.ts';
import { actionsOf } from '../../src/ledger/events/actions.ts';
import { findConnector } from '../../src/ledger/events/connectors.ts';
import { takeInEvent } from '../../src/ledger/events/take-in.ts';
import { routeLeftEvents } from '../../src/operations/routing/route-event.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { openShop } from '../workflow/shop.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage({ 'operations.rule_per_minute': 20 });
  await stage.startWorker();
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

interface Sender {
  readonly id: string;
  send(content: object): Promise<string>;
}

async function sender(): Promise<Sender> {
  const name = `sender-${randomUUID().slice(0, 8)}`;
  const { connector, path, secret } = await api.client().makeConnector({ name, kind: 'generic' });
  return {
    id: connector.id,
    async send(content) {
      const [id, at, raw] = [randomUUID(), new Date(), JSON.stringify(content)];
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(secret).sign(id, at, raw),
      };
      const { status, body } = await api.ask('POST', path, { raw, key: null, headers });
      expect(status).toBe(200);
      return (body as { eventId: string }).eventId;
    },
  };
}

type Definition = Parameters<OncepostClient['makeRule']>[0];

/** A rule about what this sender sends. */
const rule = ({ id }: Sender, more: Partial<Definition>) =>
  api.client().makeRule({
    name: `rule-${randomUUID().slice(0, 8)}`,
    when: { all: [{ path: 'source.connector_id', op: 'eq', value: id }] },
    actions: [{ do: 'notify', says: 'It came: {content.title}' }],
    ...more,
  });
const again = async (id: string) => {
  const found = (await api.client().rules()).rules.find((one) => one.id === id);
  return found ?? expect.unreachable('the rule is there');
};
const routingOf = async (eventId: string) =>
  (await api.client().events({ limit: 200 })).events.find(({ event }) => event.event_id === eventId)?.routing;
const doneFor = async (eventId: string) =>
  (await actionsOf(stage.context.ledger, stage.workspaceId, eventId)).map(({ state, result }) => [state, result]);

describe('an event', () => {
  it('that a rule is about is published once, filled with what it says', async () => {
    const [from, shop] = [await sender(), await openShop(stage)];
    const text = 'New: {content.title} at {content.nothing}{content.url}';
    const { id } = await rule(from, { actions: [{ do: 'publish', account: shop.name, text }] });
    const eventId = await from.send({ title: 'The sea', url: 'https://blog.example/sea' });
    expect(await doneFor(eventId)).toEqual([['done', `event-${eventId}-0`]]);
    const { schedule } = await api.client().waitForEnd(`event-${eventId}-0`);
    expect([schedule.state, schedule.text]).toEqual(['published', 'New: The sea at https://blog.example/sea']);
    expect(await shop.creates()).toBe(1);
    expect(await again(id)).toMatchObject({ hits: 1, suppression_count: 0 });
    expect(await routingOf(eventId)).toBe('routed');
  });

  it('that no rule is about is unhandled, and visibly so', async () => {
    const from = await sender();
    const eventId = await from.send({ title: 'Nothing' });
    expect(await routingOf(eventId)).toBe('unhandled');
    const { events } = await api.client().activity({ type: 'routing.unhandled' });
    expect(events.some(({ payload }) => payload.eventId === eventId)).toBe(true);
  });

  it('whose action is refused says why, and nothing is stored', async () => {
    const from = await sender();
    await rule(from, { actions: [{ do: 'publish', account: 'nobody', text: 'x' }] });
    const eventId = await from.send({});
    const [[state, why] = []] = await doneFor(eventId);
    expect([state, why]).toEqual(['failed', expect.stringContaining('nobody')]);
    await expect(api.client().get(`event-${eventId}-0`)).rejects.toThrow();
  });

  it('that a rule emits is routed like any other, and a rule that feeds itself comes to an end', async () => {
    const from = await sender();
    const mark = randomUUID();
    await rule(from, {
      when: {
        any: [
          { path: 'source.connector_id', op: 'eq', value: from.id },
          { path: 'content.mark', op: 'eq', value: mark },
        ],
      },
      actions: [{ do: 'emit', content: { mark } }],
    });
    const first = await from.send({});
    const all = (await api.client().events({ limit: 200 })).events.map(({ event }) => event);
    const family = all.filter(({ event_id, content }) => event_id === first || content.mark === mark);
    expect(family).toHaveLength(6);
    expect(new Set(family.map(({ correlation }) => correlation.trace_id)).size).toBe(1);
    const last = family.find(
      ({ event_id }) => !family.some(({ correlation }) => correlation.parent_event_id === event_id),
    );
    expect(await doneFor(last?.event_id ?? '')).toEqual([
      ['failed', 'It would be more than 5 events that lead to each other; rules may not feed themselves without end.'],
    ]);
  });
});

describe('an event that nobody brought on', () => {
  it('is routed by the sweep, and what its rule wants is done once', async () => {
    const [from, shop] = [await sender(), await openShop(stage)];
    await rule(from, { actions: [{ do: 'publish', account: shop.name, text: 'It came late' }] });
    const { ledger } = stage.context;
    const found = (await findConnector(ledger, from.id)) ?? expect.unreachable('it is there');
    const message = { messageId: 'm', occurredAt: null, actor: null, content: {} };
    const proof = { text: 'p', forMs: 1_000 };
    const taken = await takeInEvent(ledger, { connector: found.connector, message, bodyDigest: 'd', proof });
    const eventId = taken.kind === 'taken' ? taken.event.id : '';
    // As after the time for which an event may be on its way.
    const { settings } = stage.context;
    const later = {
      ...stage.context,
      settings: { ...settings, sweep: { ...settings.sweep, graceMs: -1_000 } },
      client: stage.temporal,
    };
    await Promise.all([routeLeftEvents(later), routeLeftEvents(later)]);
    expect(await doneFor(eventId)).toEqual([['done', `event-${eventId}-0`]]);
    expect((await api.client().waitForEnd(`event-${eventId}-0`)).schedule.state).toBe('published');
    expect(await shop.creates()).toBe(1);
  });
});

describe('a rule', () => {
  it('fires once while it is debounced, and once for what is alike', async () => {
    const from = await sender();
    const debounced = await rule(from, { debounce_ms: 3_600_000 });
    const deduped = await rule(from, { dedupe: { paths: ['content.title'], window_ms: 3_600_000 } });
    for (const title of ['a', 'a', 'b']) await from.send({ title });
    expect(await again(debounced.id)).toMatchObject({ hits: 1, suppression_count: 2 });
    expect(await again(deduped.id)).toMatchObject({ hits: 2, suppression_count: 1 });
  });

  it('that is disabled does nothing, and goes on once it is enabled', async () => {
    const from = await sender();
    const { id } = await rule(from, {});
    await api.client().changeRule(id, { enabled: false });
    expect(await routingOf(await from.send({}))).toBe('unhandled');
    await api.client().changeRule(id, { enabled: true });
    expect(await routingOf(await from.send({}))).toBe('routed');
  });

  it('that storms is stopped, told of once, and goes on when its debounce is raised (F-14)', async () => {
    const from = await sender();
    const made = await rule(from, {});
    const storm = await Promise.all(Array.from({ length: 100 }, () => from.send({ title: 'again' })));
    const told = await Promise.all(storm.map(doneFor));
    expect(told.filter((actions) => actions.length > 0)).toHaveLength(20);
    expect(await again(made.id)).toMatchObject({ hits: 20, suppression_count: 80 });
    const client = api.client();
    const alarms = (await client.alarms({ kind: 'rule_storm' })).alarms.filter(
      ({ subject }) => subject === made.definition.name,
    );
    expect(alarms).toMatchObject([{ state: 'open', mode: 'F-14', count: 80 }]);
    const blocked = (await client.activity({ type: 'gate.storm_block' })).events;
    expect(blocked.filter(({ payload }) => payload.ruleId === made.id)).toHaveLength(1);
    await client.changeRule(made.id, { definition: { ...made.definition, debounce_ms: 60_000 } });
    expect(await client.answerAlarm(alarms[0]?.id ?? '', 'resolve', 'At most once a minute now.')).toMatchObject({
      state: 'resolved',
    });
    await from.send({ title: 'again' });
    expect(await again(made.id)).toMatchObject({ hits: 20, suppression_count: 81 });
    expect(
      (await client.alarms({ kind: 'rule_storm' })).alarms.filter(({ subject }) => subject === made.definition.name),
    ).toEqual([]);
  });

  it('of a name that is there is refused, and so is one that can never be read', async () => {
    const from = await sender();
    const { definition } = await rule(from, {});
    await expect(api.client().makeRule(definition)).rejects.toThrow('A rule of that name is there already');
    expect((await api.ask('POST', '/api/rules', { json: { ...definition, name: 'x', when: {} } })).status).toBe(422);
  });
});
