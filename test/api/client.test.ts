// The TypeScript client: hands over, follows to the end, and names what went wrong.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOncepostClient, OncepostRefused, OncepostUnreachable } from '../../src/client/client.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { openApi, type TestApi } from './open-api.ts';

describe('the client', () => {
  let stage: Stage;
  let api: TestApi;
  beforeAll(async () => {
    stage = await openStage();
    await stage.startWorker();
    await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x', settings: { quota: 'unlimited' } });
    api = await openApi(stage);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  const live = async (text: string) =>
    (await stage.sandbox.live({ platform: 'x' })).filter((post) => post.text === text);
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.unreachable('it was not refused'),
      (error: unknown) => error,
    );

  it('publishes and answers with the live address', async () => {
    const states: string[] = [];
    const view = await api
      .client()
      .publish({ account: 'sandbox-x', text: 'From the client' }, { onChange: (item) => states.push(item.state) });
    const [post] = await live('From the client');
    expect(view).toMatchObject({
      item: { state: 'published', url: `https://x.com/i/web/status/${post?.id}` },
      post: { platformPostId: post?.id },
    });
    expect(states.at(-1)).toBe('published');
    expect(new Set(states).size).toBe(states.length);
  });

  it('stops waiting when a person is needed, and replays to the end', async () => {
    const client = api.client();
    await stage.sandbox.addFault({
      platform: 'x',
      call: 'create_post',
      fault: { kind: 'refuse_before', preset: 'cashtags' },
    });
    const failed = await client.publish({ id: 'refused-once', account: 'sandbox-x', text: 'Refused once' });
    expect(failed.item).toMatchObject({ state: 'failed', replayOffered: true });
    const { items } = await client.items({ needsPerson: true });
    expect(items.map((item) => item.id)).toEqual(['refused-once']);
    expect(await client.replay({ scheduleId: 'refused-once' })).toMatchObject({ accepted: true });
    expect((await client.waitForEnd('refused-once')).item.state).toBe('published');
    expect(await live('Refused once')).toHaveLength(1);
    const refused = await failure(client.replay({ scheduleId: 'refused-once' }));
    expect(refused).toBeInstanceOf(OncepostRefused);
    expect(refused).toMatchObject({
      status: 409,
      code: 'replay_blocked',
      reason: 'already-posted',
      reasons: ['already-posted'],
    });
  });

  it("refuses nonsense with the server's own problems before anything is sent", async () => {
    const deaf = createOncepostClient({ url: 'http://127.0.0.1:1', apiKey: 'none' });
    const requests: readonly object[] = [
      { account: '', text: 'a' },
      { account: 'a', text: 'a', publishAt: 'soon' },
      { account: 'a', txet: 'a' },
    ];
    for (const request of requests) {
      const before = await failure(deaf.schedule(Object.assign({ account: 'a' }, request)));
      const { body } = await api.ask('POST', '/api/schedules', { json: request });
      expect(before).toBeInstanceOf(OncepostRefused);
      expect(body).toMatchObject({ error: { code: Object(before).code, message: Object(before).message } });
      expect(Object(body).error.problems).toEqual(JSON.parse(JSON.stringify(Object(before).problems)));
    }
  });

  it('passes on what only the server can know', async () => {
    const client = api.client();
    expect(await failure(client.schedule({ account: 'nobody', text: 'a' }))).toMatchObject({
      name: 'OncepostRefused',
      status: 404,
      code: 'unknown_account',
    });
    expect(await failure(client.get('never-heard-of'))).toMatchObject({ status: 404, code: 'not_found' });
    expect(await failure(api.client('op_wrong').items())).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(await failure(client.items({ limit: 1_000 }))).toMatchObject({ status: 422, code: 'invalid_request' });
  });

  it('says that nobody answers, after every try that is safe', async () => {
    let tries = 0;
    const counting = (url: string, init: RequestInit) => {
      tries += 1;
      return fetch(url, init);
    };
    const client = createOncepostClient({ url: 'http://127.0.0.1:1', apiKey: 'k', fetch: counting });
    expect(await failure(client.get('a'))).toBeInstanceOf(OncepostUnreachable);
    expect(tries).toBe(4);
  });

  it('hands over once when the answer is lost on the way and the call is sent again', async () => {
    let calls = 0;
    const losesFirst = async (url: string, init: RequestInit) => {
      calls += 1;
      const answer = await fetch(url, init);
      if (calls > 1) return answer;
      await answer.text();
      throw new TypeError('the connection was reset');
    };
    const client = createOncepostClient({ url: `${api.url}/`, apiKey: api.key, fetch: losesFirst });
    const taken = await client.schedule({ account: 'sandbox-x', text: 'Sent twice' });
    expect(taken).toMatchObject({ created: false });
    expect(calls).toBe(2);
    await client.waitForEnd(taken.id);
    expect(await live('Sent twice')).toHaveLength(1);
  });

  it('does not mistake another server for Oncepost', async () => {
    const client = createOncepostClient({ url: stage.sandboxUrl, apiKey: 'k' });
    const error = await failure(client.items());
    expect(error).toBeInstanceOf(OncepostUnreachable);
    expect(error).toMatchObject({ message: expect.stringContaining('is not Oncepost') });
  });

  it('stops waiting when it is told to', async () => {
    const client = api.client();
    const publishAt = new Date(Date.now() + 3_600_000).toISOString();
    await client.schedule({ id: 'in-an-hour', account: 'sandbox-x', text: 'Later', publishAt });
    const stop = new AbortController();
    const waiting = client.waitForEnd('in-an-hour', { signal: stop.signal, onChange: () => stop.abort() });
    expect(await failure(waiting)).toMatchObject({ name: 'AbortError' });
  });
});
