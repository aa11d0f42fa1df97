// X's timelines as its clients see them: where they end, what they refuse, and what they leave out.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { AccountCard } from '../../src/sandbox/control.ts';
import { get, openStage, post, type Reply, type Stage, tweet, xAccount } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const pageSchema = z.object({
  data: z.array(z.looseObject({ id: z.string(), text: z.string() })).default([]),
  meta: z.object({ result_count: z.int(), next_token: z.string().optional() }),
});

function ask(account: AccountCard, query: Record<string, string> = {}): Promise<Reply> {
  const address = `${stage.url}/x/2/users/${account.id}/tweets?${new URLSearchParams(query)}`;
  return get(address, account.accessToken);
}

/** Every text of a timeline, page by page. */
async function readAll(account: AccountCard, query: Record<string, string> = {}): Promise<string[]> {
  const texts: string[] = [];
  let token: string | undefined;
  do {
    const turn = token === undefined ? {} : { pagination_token: token };
    const { data, meta } = pageSchema.parse((await ask(account, { max_results: '5', ...query, ...turn })).body);
    texts.push(...data.map(({ text }) => text));
    token = meta.next_token;
  } while (token !== undefined);
  return texts;
}

async function accountWith(posts: number, settings: Record<string, unknown> = {}): Promise<AccountCard> {
  const account = await xAccount(stage, { settings });
  for (let count = 1; count <= posts; count += 1) await tweet(stage, account, `Post ${count}`);
  return account;
}

test('a timeline ends at its cap as if there were no more, and sooner without replies', async () => {
  const account = await accountWith(12, { timelinePosts: 8, timelinePostsWithoutReplies: 3 });
  expect(await readAll(account)).toEqual([12, 11, 10, 9, 8, 7, 6, 5].map((count) => `Post ${count}`));
  expect(await readAll(account, { exclude: 'replies' })).toEqual(['Post 12', 'Post 11', 'Post 10']);
});

test('a window that lies wholly beyond the cap is a success without posts', async () => {
  const account = await accountWith(2, { timelinePosts: 2 });
  const end_time = new Date(Date.now() - 1_000).toISOString();
  const early = await ask(account, { start_time: '2026-01-01T00:00:00Z', end_time });
  expect(early.status).toBe(200);
  expect(early.body).toEqual({ meta: { result_count: 0 } });
});

test.each([
  [
    'a parameter it does not have',
    { 'tweet.feilds': 'text' },
    'tweet.feilds',
    'The query parameter [tweet.feilds] is not one of [',
  ],
  [
    'a field it does not have',
    { 'tweet.fields': 'text,created' },
    'tweet.fields',
    'The `tweet.fields` query parameter value [created] is not one of [',
  ],
  [
    'the newer name of a parameter',
    { 'post.fields': 'text' },
    'post.fields',
    'The query parameter [post.fields] is not one of [',
  ],
  [
    'a page token it never issued',
    { pagination_token: 'garbage' },
    'pagination_token',
    'The `pagination_token` query parameter value [garbage]',
  ],
  [
    'too many posts',
    { max_results: '101' },
    'max_results',
    'The `max_results` query parameter value [101] is not between 5 and 100',
  ],
])('a timeline refuses %s, by name', async (_what, query, parameter, message) => {
  const account = await xAccount(stage);
  const refused = await ask(account, query);
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({
    errors: [{ parameters: { [parameter]: [expect.any(String)] }, message: expect.stringContaining(message) }],
    title: 'Invalid Request',
    type: 'https://api.x.com/2/problems/invalid-request',
  });
});

test('a page token with one letter changed is refused', async () => {
  const account = await accountWith(6);
  const { meta } = pageSchema.parse((await ask(account, { max_results: '5' })).body);
  const token = meta.next_token ?? '';
  expect(token).toMatch(/^7140[0-9a-z]+$/);
  const changed = `${token.slice(0, 8)}${token[8] === 'a' ? 'b' : 'a'}${token.slice(9)}`;
  expect((await ask(account, { pagination_token: changed })).status).toBe(400);
  expect((await ask(account, { pagination_token: token })).status).toBe(200);
});

test('other reads refuse what they do not know too', async () => {
  const account = await xAccount(stage);
  for (const path of [
    'users/me?fields=id',
    'tweets/1?max_results=5',
    'media/upload?command=STATUS&media_id=1&fields=id',
  ]) {
    expect((await get(`${stage.url}/x/2/${path}`, account.accessToken)).status).toBe(400);
  }
});

test('a partial answer says what it lacks beside its data', async () => {
  const account = await accountWith(2, { partial: 'resource-unavailable' });
  expect((await ask(account)).body).toMatchObject({
    data: [{ text: 'Post 1' }],
    errors: [{ type: 'https://api.x.com/2/problems/resource-unavailable', resource_type: 'tweet' }],
    meta: { result_count: 1 },
  });
  await stage.control.settings(account.id, { partial: 'field-hydration-failure' });
  const answer = await ask(account, { 'tweet.fields': 'created_at,entities' });
  expect(answer.body).toMatchObject({
    data: [{ text: 'Post 2' }, { text: 'Post 1' }],
    errors: [{ type: 'https://api.x.com/2/problems/field-hydration-failure', field: 'entities' }],
  });
});

test('an edit goes on under a new id, which names those before it', async () => {
  const account = await accountWith(1);
  const [first] = await stage.control.live({ account: account.id });
  const edit = { text: 'Post one', edit_options: { previous_post_id: first?.id } };
  expect((await post(`${stage.url}/x/2/tweets`, account.accessToken, edit)).status).toBe(201);
  const [second, ...others] = await stage.control.live({ account: account.id });
  expect(others).toEqual([]);
  expect((await ask(account)).body).toMatchObject({
    data: [{ id: second?.id, text: 'Post one', edit_history_tweet_ids: [first?.id, second?.id] }],
    meta: { result_count: 1 },
  });
  expect((await post(`${stage.url}/x/2/tweets`, account.accessToken, edit)).status).toBe(403);
});

const LONG = 'word '.repeat(80).trim();

test.each([
  [
    'old',
    { 'tweet.fields': 'note_tweet,referenced_tweets' },
    ['note_tweet', 'referenced_tweets', 'edit_history_tweet_ids'],
  ],
  [
    'mixed',
    { 'tweet.fields': 'note_tweet,referenced_tweets' },
    ['note_post', 'referenced_posts', 'edit_history_post_ids'],
  ],
  [
    'new',
    { 'post.fields': 'note_post', expansions: 'referenced_posts' },
    ['note_post', 'referenced_posts', 'edit_history_post_ids'],
  ],
])('in its %s names a long reply has its note, its reference and its history', async (names, query, fields) => {
  const account = await accountWith(1, { names, maxTextWeight: 25_000 });
  const [target] = await stage.control.live({ account: account.id });
  const body = { text: LONG, reply: { in_reply_to_tweet_id: target?.id } };
  await post(`${stage.url}/x/2/tweets`, account.accessToken, body);
  const [newest] = pageSchema.parse((await ask(account, query)).body).data;
  const [note = '', references = '', history = ''] = fields;
  expect(newest).toMatchObject({
    text: expect.stringMatching(/^word .*… https:\/\/t\.co\/\w{10}$/),
    [note]: { text: LONG },
    [references]: [{ type: 'replied_to', id: target?.id }],
    [history]: [newest?.id],
  });
});
