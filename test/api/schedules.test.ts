// POST /api/schedules and GET /api/schedules/{id}: a pipeline hands a post over, and sees what became of it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { clientOfNobody, openApi, type TestApi } from './open-api.ts';

describe('handing a post over', () => {
  let stage: Stage;
  let api: TestApi;
  beforeAll(async () => {
    stage = await openStage();
    await stage.startWorker();
    await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
    api = await openApi(stage);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  const live = async (text: string) =>
    (await stage.sandbox.live({ platform: 'x' })).filter((post) => post.text === text);
  const ended = (id: string) =>
    until(`${id} is published`, async () => {
      const { body } = await api.ask('GET', `/api/schedules/${id}`);
      return (
        expect.objectContaining({ item: expect.objectContaining({ state: 'published' }) }).asymmetricMatch(body) && body
      );
    });

  it('takes it in, publishes it once, and tells the whole record', async () => {
    const taken = await api.ask('POST', '/api/schedules', {
      json: { id: 'first', account: 'sandbox-x', text: 'Hello' },
    });
    expect(taken.status).toBe(201);
    expect(taken.headers.get('location')).toBe('/api/schedules/first');
    expect(taken.body).toMatchObject({
      id: 'first',
      created: true,
      workflow: 'started',
      workflowId: 'publish/sandbox/first',
      account: 'sandbox-x',
    });
    const record = await ended('first');
    const [post] = await live('Hello');
    expect(record).toMatchObject({
      schedule: {
        id: 'first',
        workspace: 'sandbox',
        state: 'published',
        text: 'Hello',
        creator: { type: 'API_KEY', label: 'nightly' },
      },
      item: {
        state: 'published',
        nextAction: { code: 'none', kind: 'none' },
        owner: { role: 'creator', label: 'nightly' },
        cause: null,
      },
      attempts: [{ number: 1, outcome: 'published', cause: null }],
      intents: [{ attempt: 1, state: 'live' }],
      post: { platformPostId: post?.id, evidence: 'answered' },
    });
    expect(record).toHaveProperty('audit.0.type', 'schedule.created');
    expect(JSON.stringify(record)).toContain('"type":"publish.published"');
    expect(await live('Hello')).toHaveLength(1);
  });

  it('takes the same again as the same, and another under the same id not at all', async () => {
    const post = { id: 'twice', account: 'sandbox-x', text: 'Once only' };
    expect((await api.ask('POST', '/api/schedules', { json: post })).status).toBe(201);
    const again = await api.ask('POST', '/api/schedules', { json: post });
    expect(again).toMatchObject({ status: 200, body: { id: 'twice', created: false } });
    const other = await api.ask('POST', '/api/schedules', { json: { ...post, text: 'Something else' } });
    expect(other).toMatchObject({
      status: 409,
      body: { error: { code: 'schedule_conflict', problems: [{ field: 'id' }] } },
    });
    await ended('twice');
    expect(await api.ask('POST', '/api/schedules', { json: post })).toMatchObject({
      status: 200,
      body: { state: 'published', workflow: 'not_needed' },
    });
    expect(await live('Once only')).toHaveLength(1);
  });

  it('makes one schedule of a call that is sent many times with one key', async () => {
    const headers = { 'Idempotency-Key': 'night-7' };
    const send = () => api.ask('POST', '/api/schedules', { json: { account: 'sandbox-x', text: 'Keyed' }, headers });
    const answers = await Promise.all(Array.from({ length: 10 }, send));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    const ids = new Set(answers.map(({ body }) => JSON.stringify(Object(body).id)));
    expect(ids.size).toBe(1);
    const other = await api.ask('POST', '/api/schedules', {
      json: { account: 'sandbox-x', text: 'Not keyed' },
      headers,
    });
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'schedule_conflict' } } });
  });

  it('waits for the time of a scheduled post within the budget of history events', async () => {
    const publishAt = new Date(Date.now() + 1_500).toISOString();
    await api.ask('POST', '/api/schedules', { json: { id: 'later', account: 'sandbox-x', text: 'Later', publishAt } });
    expect(await live('Later')).toHaveLength(0);
    await ended('later');
    const history = await stage.temporal.workflow.getHandle('publish/sandbox/later').fetchHistory();
    expect(history.events?.length).toBeLessThanOrEqual(13);
  });

  it('shows no signature of an address, whether of media or of an option', async () => {
    await stage.connectSandboxAccount({ platform: 'instagram', name: 'sandbox-instagram' });
    const signed = (name: string) => `https://cdn.example/${name}?X-Amz-Signature=0f1e2d3c4b5a`;
    const media = [{ url: signed('reel.mp4'), mediaType: 'video/mp4', sizeBytes: 100_000 }];
    const publishAt = new Date(Date.now() + 3_600_000).toISOString();
    const post = { id: 'signed', account: 'sandbox-instagram', text: 'A reel', media, publishAt };
    const json = { ...post, options: { coverUrl: signed('cover.jpg'), shareToFeed: true } };
    expect(await api.ask('POST', '/api/schedules', { json })).toMatchObject({ status: 201 });
    const { body } = await api.ask('GET', '/api/schedules/signed');
    expect(body).toMatchObject({
      schedule: {
        media: [{ url: 'https://cdn.example/reel.mp4?[redacted]' }],
        options: { coverUrl: 'https://cdn.example/cover.jpg?[redacted]', shareToFeed: true },
      },
    });
    expect(JSON.stringify(body)).not.toContain('0f1e2d3c4b5a');
  });

  it('keeps a handed-off post for a person and sends nothing', async () => {
    const taken = await api.ask('POST', '/api/schedules', {
      json: { id: 'by-hand', account: 'sandbox-x', text: 'By hand', mode: 'handoff' },
    });
    expect(taken).toMatchObject({ status: 201, body: { state: 'handoff_pending' } });
    expect(await api.ask('GET', '/api/schedules/by-hand')).toMatchObject({
      body: { item: { nextAction: { code: 'open_handoff', kind: 'link', href: '/handoff/by-hand' } } },
    });
    expect(await live('By hand')).toHaveLength(0);
  });

  it('keeps the post when Temporal is away, says so, and starts it at the next call', async () => {
    const away = await openApi(stage, { client: clientOfNobody() });
    const post = { id: 'kept', account: 'sandbox-x', text: 'Kept' };
    const taken = await away.ask('POST', '/api/schedules', { json: post });
    expect(taken).toMatchObject({ status: 202, body: { created: true, workflow: 'pending', state: 'queued' } });
    expect(await away.ask('POST', '/api/schedules', { json: post })).toMatchObject({
      status: 202,
      body: { created: false },
    });
    await away.close();
    expect(await live('Kept')).toHaveLength(0);
    expect(await api.ask('POST', '/api/schedules', { json: post })).toMatchObject({
      status: 200,
      body: { workflow: 'started' },
    });
    await ended('kept');
    expect(await live('Kept')).toHaveLength(1);
  });

  it('refuses what names no account, several accounts, or another workspace', async () => {
    await stage.connectSandboxAccount({ platform: 'x', name: 'double' });
    await stage.connectSandboxAccount({ platform: 'instagram', name: 'double' });
    const cases = [
      [{ account: 'nobody', text: 'a' }, 404, 'unknown_account', 'account'],
      [{ account: 'double', text: 'a' }, 409, 'ambiguous_account', 'account'],
      [{ account: 'sandbox-x', text: 'a', workspace: 'somebody-else' }, 404, 'unknown_workspace', 'workspace'],
    ] as const;
    for (const [json, status, code, field] of cases) {
      const answer = await api.ask('POST', '/api/schedules', { json });
      expect(answer).toMatchObject({ status, body: { error: { code, problems: [{ field }] } } });
    }
    const chosen = await api.ask('POST', '/api/schedules', { json: { account: 'double', platform: 'x', text: 'a' } });
    expect(chosen.status).toBe(201);
  });

  it('shows nothing of one workspace to another', async () => {
    const workspaceId = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: workspaceId, name: 'others', createdAt: new Date() });
    const key = await api.newKey(undefined, workspaceId);
    for (const id of ['first', 'never-heard-of']) {
      expect(await api.ask('GET', `/api/schedules/${id}`, { key })).toMatchObject({
        status: 404,
        body: { error: { code: 'not_found' } },
      });
    }
    expect(await api.ask('GET', '/api/items?all=true', { key })).toMatchObject({ status: 200, body: { items: [] } });
    expect(
      await api.ask('POST', '/api/schedules', { key, json: { id: 'first', account: 'sandbox-x', text: 'Hello' } }),
    ).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_account' } },
    });
  });
});
