// X's text posts as its clients see them: bodies, links, ids, duplicates, timelines.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { get, openStage, post, type Stage, tweet, xAccount } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => stage.control.shiftClock(0));

const created = z.object({
  data: z.object({ id: z.string(), text: z.string(), edit_history_tweet_ids: z.array(z.string()) }),
});

test('a text post is a 201 with a snowflake id that carries its time', async () => {
  const account = await xAccount(stage);
  const before = Date.now();
  const reply = await tweet(stage, account, 'Hello');
  expect(reply.status).toBe(201);
  const { data } = created.parse(reply.body);
  expect(data.text).toBe('Hello');
  expect(data.edit_history_tweet_ids).toEqual([data.id]);
  expect(BigInt(data.id)).toBeGreaterThan(2n ** 53n);
  const madeAtMs = Number((BigInt(data.id) >> 22n) + 1288834974657n);
  expect(madeAtMs).toBeGreaterThanOrEqual(before);
  expect(madeAtMs).toBeLessThanOrEqual(Date.now());
  expect(await stage.control.live({ platform: 'x', account: account.id })).toMatchObject([
    { id: data.id, text: 'Hello' },
  ]);
});

test('the same text goes live again, as often as it is sent: X promises nobody a window', async () => {
  const account = await xAccount(stage);
  for (let time = 0; time < 2; time += 1) expect((await tweet(stage, account, 'Again')).status).toBe(201);
  expect(await stage.control.live({ account: account.id })).toHaveLength(2);
});

test('where a window is asked for, the same text is refused with a 403 that names no post, until it is over', async () => {
  const account = await xAccount(stage, { settings: { duplicateWindowMs: 60_000 } });
  await tweet(stage, account, 'Again');
  const refused = await tweet(stage, account, 'Again');
  expect(refused.status).toBe(403);
  expect(refused.body).toEqual({
    detail: 'You are not allowed to create a Tweet with duplicate content.',
    type: 'about:blank',
    title: 'Forbidden',
    status: 403,
  });
  await stage.control.settings(account.id, { duplicateWindowMs: 0 });
  expect((await tweet(stage, account, 'Again')).status).toBe(201);
});

test('links come back as t.co, and three characters as entities', async () => {
  const account = await xAccount(stage);
  const reply = await tweet(stage, account, 'A & B <see> https://example.org/a?b=1&c=2 or example.com.');
  expect(created.parse(reply.body).data.text).toMatch(
    /^A &amp; B &lt;see&gt; https:\/\/t\.co\/\w{10} or https:\/\/t\.co\/\w{10}\.$/,
  );
  const page = await get(
    `${stage.url}/x/2/users/${account.id}/tweets?max_results=5&tweet.fields=entities`,
    account.accessToken,
  );
  expect(page.body).toMatchObject({
    data: [
      {
        entities: {
          urls: [
            { expanded_url: 'https://example.org/a?b=1&c=2', display_url: 'example.org/a?b=1&c=2' },
            { expanded_url: 'http://example.com', display_url: 'example.com' },
          ],
        },
      },
    ],
  });
});

test('an empty timeline has no data key', async () => {
  const account = await xAccount(stage);
  const page = await get(`${stage.url}/x/2/users/${account.id}/tweets?max_results=5`, account.accessToken);
  expect(page.status).toBe(200);
  expect(page.body).toEqual({ meta: { result_count: 0 } });
});

test('a timeline is newest first, in pages, with the fields that were asked for', async () => {
  const account = await xAccount(stage);
  for (const text of ['one', 'two', 'three', 'four', 'five', 'six', 'seven']) await tweet(stage, account, text);
  const address = `${stage.url}/x/2/users/${account.id}/tweets?max_results=5&tweet.fields=created_at`;
  const first = await get(address, account.accessToken);
  expect(first.body).toMatchObject({
    data: [{ text: 'seven' }, { text: 'six' }, { text: 'five' }, { text: 'four' }, { text: 'three' }],
    meta: { result_count: 5 },
  });
  const { meta } = z.object({ meta: z.object({ next_token: z.string() }) }).parse(first.body);
  const second = await get(`${address}&pagination_token=${meta.next_token}`, account.accessToken);
  expect(second.body).toMatchObject({ data: [{ text: 'two' }, { text: 'one' }], meta: { result_count: 2 } });
  expect(second.text).not.toContain('next_token');
});

test('start_time leaves out what is older', async () => {
  const account = await xAccount(stage);
  await tweet(stage, account, 'old');
  const soon = new Date(Date.now() + 60_000).toISOString();
  const page = await get(`${stage.url}/x/2/users/${account.id}/tweets?start_time=${soon}`, account.accessToken);
  expect(page.body).toEqual({ meta: { result_count: 0 } });
});

test('a list delay hides a post from timelines, not from reads by its id', async () => {
  const account = await xAccount(stage, { settings: { listDelayMs: 600_000 } });
  const { data } = created.parse((await tweet(stage, account, 'Late')).body);
  const timeline = `${stage.url}/x/2/users/${account.id}/tweets`;
  expect((await get(timeline, account.accessToken)).body).toEqual({ meta: { result_count: 0 } });
  expect((await get(`${stage.url}/x/2/tweets/${data.id}`, account.accessToken)).body).toMatchObject({
    data: { id: data.id },
  });
  await stage.control.shiftClock(600_001);
  expect((await get(timeline, account.accessToken)).body).toMatchObject({ meta: { result_count: 1 } });
});

test('a post that is gone is a 200 with errors only', async () => {
  const account = await xAccount(stage);
  const reply = await get(`${stage.url}/x/2/tweets/1840000000000000001`, account.accessToken);
  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({ errors: [{ title: 'Not Found Error', resource_type: 'tweet' }] });
  expect(reply.text).not.toContain('"data"');
});

test('bad bodies are refused by parameter: unknown keys, empty text, text over 280 weighted characters', async () => {
  const account = await xAccount(stage);
  const address = `${stage.url}/x/2/tweets`;
  expect((await post(address, account.accessToken, { txt: 'x' })).status).toBe(400);
  expect((await post(address, account.accessToken, { text: '' })).status).toBe(400);
  expect((await tweet(stage, account, 'x'.repeat(281))).body).toMatchObject({
    errors: [{ message: 'Your Tweet text is too long.' }],
    type: 'https://api.x.com/2/problems/invalid-request',
  });
  expect((await tweet(stage, account, '日'.repeat(141))).status).toBe(400);
  expect((await tweet(stage, account, `https://example.org/${'a'.repeat(400)}`)).status).toBe(201);
  expect(await stage.control.live({ account: account.id })).toHaveLength(1);
});

test('every answer says where the user stands, and the call beyond the window is a 429', async () => {
  const account = await xAccount(stage, { settings: { quota: { create_post: { limit: 2, windowMs: 60_000 } } } });
  const first = await tweet(stage, account, 'one');
  expect(first.headers.get('x-rate-limit-limit')).toBe('2');
  expect(first.headers.get('x-rate-limit-remaining')).toBe('1');
  await tweet(stage, account, 'two');
  const third = await tweet(stage, account, 'three');
  expect(third.status).toBe(429);
  expect(third.body).toMatchObject({ title: 'Too Many Requests' });
  expect(third.headers.get('x-rate-limit-remaining')).toBe('0');
  const resetsAtMs = Number(third.headers.get('x-rate-limit-reset')) * 1000;
  expect(resetsAtMs).toBeGreaterThan(Date.now());
  expect(resetsAtMs).toBeLessThanOrEqual(Date.now() + 61_000);
});
