// The limits of replays: so many a minute per key and per address, exactly, whoever counts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { openApi, type TestApi } from './open-api.ts';

const PER_USER = 4;
const PER_ADDRESS = 6;

describe('replays', () => {
  let stage: Stage;
  const apis: TestApi[] = [];
  beforeAll(async () => {
    stage = await openStage({
      'limits.replay_per_user_per_minute': PER_USER,
      'limits.replay_per_address_per_minute': PER_ADDRESS,
    });
  });
  afterAll(async () => {
    for (const api of apis) await api.close();
    await stage.close();
  });

  async function serve(trustedProxies: string[] = []): Promise<TestApi> {
    const api = await openApi(stage, {
      context: { env: { ...stage.context.env, ONCEPOST_TRUSTED_PROXIES: trustedProxies } },
    });
    apis.push(api);
    return api;
  }
  const send = (api: TestApi, key: string, from: string) =>
    api.ask('POST', '/api/jobs/replay', { key, json: { scheduleId: 'none' }, headers: { 'X-Forwarded-For': from } });

  it('are limited per key, exactly, across two servers', async () => {
    const [one, two] = [await serve(['127.0.0.1']), await serve(['127.0.0.1'])];
    const key = await one.newKey();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => send(index % 2 === 0 ? one : two, key, `10.0.1.${index}`)),
    );
    const limited = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(PER_USER);
    expect(limited).toHaveLength(20 - PER_USER);
    for (const { body, headers } of limited) {
      expect(body).toMatchObject({ error: { code: 'too_many_requests' } });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
  });

  it('are limited per address, whatever key they come with, and behind a trusted proxy by the address before it', async () => {
    const api = await serve(['127.0.0.1', '10.9.9.9']);
    const statuses: number[] = [];
    for (let index = 0; index < PER_ADDRESS + 2; index += 1) {
      // What stands before the nearest untrusted address is the caller's own invention.
      statuses.push((await send(api, await api.newKey(), `1.2.3.${index}, 10.0.2.1, 10.9.9.9`)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: PER_ADDRESS }, () => 404), 429, 429]);
    expect((await send(api, await api.newKey(), '10.0.2.2')).status).toBe(404);
  });

  it('count by the peer where no proxy is trusted, whatever the headers claim', async () => {
    const api = await serve();
    const statuses: number[] = [];
    for (let index = 0; index < PER_ADDRESS + 2; index += 1) {
      statuses.push((await send(api, await api.newKey(), `10.0.3.${index}`)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: PER_ADDRESS }, () => 404), 429, 429]);
  });
});
