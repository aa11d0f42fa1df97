// Where the Instagram stand-in is stricter than Instagram, so that what an adapter gets wrong shows here first; and the
// documented caps. Expected values are written from the platform reference (group 2, sections 1.1, 2.2, 2.4 to 2.6).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { instagramAccount, instagramOf } from './instagram-stage.ts';
import { get, openStage, type Stage, send } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function opened(settings: Record<string, unknown> = {}) {
  const account = await instagramAccount(stage, { settings });
  const instagram = instagramOf(stage, account);
  const publish = async (caption: string) =>
    instagram.publish(await instagram.created({ ...instagram.image, caption }));
  return {
    account,
    instagram,
    publish,
    list: (query: string) => instagram.read(`/${account.igUserId}/media?${query}`),
  };
}

const refusal = (message: string) => ({ error: { code: 100, type: 'OAuthException', message } });

describe('a parameter that the call does not have is refused', () => {
  test.each([
    ['of a picture', { caption: 'x', collaborators: '["ada"]' }, 'collaborators'],
    ['of a reel, for a picture', { thumb_offset: '5' }, 'thumb_offset'],
    ['of a post, for a carousel’s item', { is_carousel_item: 'true', caption: 'x' }, 'caption'],
    ['of a post’s place, for a carousel’s item', { is_carousel_item: 'true', location_id: '1' }, 'location_id'],
    ['misspelt', { captoin: 'x' }, 'captoin'],
  ] satisfies [string, Record<string, string>, string][])('%s', async (_, parameters, named) => {
    const { instagram } = await opened();
    const reply = await instagram.create({ ...instagram.image, ...parameters });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject(refusal(`(#100) param ${named} is not allowed`));
  });

  test('by reads, by the quota, and by a renewal', async () => {
    const { account, instagram, list } = await opened();
    const replies = [
      await list('fields=id&since=1'),
      await instagram.read(`/me?fields=user_id&metadata=1`),
      await instagram.read(`/${account.igUserId}/content_publishing_limit?fields=config&since=1`),
      await send(
        `${stage.url}/instagram/refresh_access_token?grant_type=ig_refresh_token&x=1&access_token=${account.accessToken}`,
      ),
    ];
    expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    for (const reply of replies) expect(reply.text).toContain('is not allowed');
  });

  test('and so is a field that the object does not have', async () => {
    const { account, list, instagram } = await opened();
    const message = '(#100) Tried accessing nonexisting field (like_cuont)';
    expect((await list('fields=id,like_cuont')).body).toMatchObject(refusal(message));
    expect((await instagram.read(`/${account.igUserId}?fields=like_cuont`)).body).toMatchObject(refusal(message));
  });
});

test.each([
  ['a flag that is neither', { share_to_feed: 'yes', media_type: 'REELS' }],
  ['a time that is no number', { thumb_offset: 'soon', media_type: 'REELS' }],
])('%s is refused', async (_, parameters) => {
  const { instagram } = await opened();
  expect((await instagram.create({ ...instagram.video, ...parameters })).body).toMatchObject({ error: { code: 100 } });
});

test('21 tags are refused as 100/2207040, and tags that are no list', async () => {
  const { instagram } = await opened();
  const tags = JSON.stringify(Array.from({ length: 21 }, (_, i) => ({ username: `p${i}`, x: 0, y: 0 })));
  const reply = await instagram.create({ ...instagram.image, user_tags: tags });
  expect(reply.body).toMatchObject({ error: { code: 100, error_subcode: 2207040 } });
  expect((await instagram.create({ ...instagram.image, user_tags: 'ada' })).status).toBe(400);
});

test('a token that was never given out is malformed, by any call', async () => {
  const { account } = await opened();
  for (const path of ['/me', `/${account.igUserId}/media?fields=id`]) {
    expect((await get(`${stage.url}/instagram/v25.0${path}`, 'IGAAgarbage')).body).toMatchObject({
      error: { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' },
    });
  }
});

describe('the media list', () => {
  const next = z.object({
    paging: z.object({ cursors: z.object({ after: z.string() }), next: z.string().optional() }),
  });

  test('takes no cursor but its own', async () => {
    const [one, other] = [await opened(), await opened()];
    await one.publish('one');
    await other.publish('other');
    const foreign = next.parse((await other.list('fields=id&limit=1')).body).paging.cursors.after;
    for (const after of ['', 'garbage', 'MTIz', foreign]) {
      expect((await one.list(`fields=id&after=${after}`)).body).toMatchObject({ error: { code: 100 } });
    }
    for (const limit of ['0', '101', 'ten']) {
      expect((await one.list(`fields=id&limit=${limit}`)).body).toMatchObject({ error: { code: 100 } });
    }
  });

  test('shows no more than its cap, and then ends as if nothing older were there', async () => {
    const { publish, list } = await opened({ listCap: 2 });
    for (const caption of ['one', 'two', 'three']) await publish(caption);
    const reply = await list('fields=caption');
    expect(reply.body).toMatchObject({ data: [{ caption: 'three' }, { caption: 'two' }] });
    expect(reply.text).not.toContain('"next"');
  });

  test('tells no count of its own; the account does, of all that is live', async () => {
    const { account, publish, instagram } = await opened({ listDelayMs: 'forever' });
    expect((await instagram.read(`/${account.igUserId}?fields=media_count`)).body).toMatchObject({ media_count: 0 });
    await publish('hidden');
    expect((await instagram.read(`/${account.igUserId}?fields=media_count`)).body).toMatchObject({ media_count: 1 });
    expect((await instagram.list()).body).toEqual({ data: [] });
  });

  test('can be cut without a word', async () => {
    const cut = async (listFault: string) => {
      const { publish, list } = await opened({ listFault });
      for (const caption of ['one', 'two']) await publish(caption);
      const first = await list('fields=caption,timestamp&limit=1');
      const { after } = z
        .object({ paging: z.object({ cursors: z.object({ after: z.string() }).optional() }) })
        .parse(first.body).paging.cursors ?? { after: undefined };
      return { first, second: after === undefined ? undefined : await list(`fields=caption&limit=1&after=${after}`) };
    };
    expect((await cut('empty_end')).second?.body).toEqual({ data: [] });
    expect((await cut('no_cursor')).first.text).toContain('"next"');
    expect((await cut('no_timestamp')).first.text).not.toContain('"timestamp"');
    expect((await cut('no_caption')).first.text).not.toContain('"caption"');
  });

  test('gives captions back in a form of its own where it is told to', async () => {
    const { publish, list } = await opened({ captions: 'rewritten' });
    await publish('Fish & chips');
    expect((await list('fields=caption')).body).toMatchObject({ data: [{ caption: 'Fish\u00a0&amp;\u00a0chips' }] });
  });
});

test('the quota is 50 posts in 86,400 seconds unless the account is told otherwise', async () => {
  const quota = async (settings: Record<string, unknown>) => {
    const { account, instagram } = await opened(settings);
    return (await instagram.read(`/${account.igUserId}/content_publishing_limit?fields=quota_usage,config`)).body;
  };
  const answer = (total: number) => ({
    data: [{ quota_usage: 0, config: { quota_total: total, quota_duration: 86_400 } }],
  });
  expect(await quota({})).toEqual(answer(50));
  expect(await quota({ quota: { publish: { limit: 100, windowMs: 86_400_000 } } })).toEqual(answer(100));
});
