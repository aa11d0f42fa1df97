// Instagram's containers and publishing as its clients see them.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { instagramAccount, instagramOf } from './instagram-stage.ts';
import { openStage, patience, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => stage.control.shiftClock(0));

const withId = z.object({ id: z.string() });
const hourMs = 3_600_000;

test('an image goes from container to post: IN_PROGRESS, FINISHED, PUBLISHED', async () => {
  const account = await instagramAccount(stage, { settings: { processingMs: 60_000 } });
  const instagram = instagramOf(stage, account);
  const container = await instagram.created({ ...instagram.image, caption: 'Grey', alt_text: 'A gradient' });
  expect(await instagram.status(container)).toBe('IN_PROGRESS');
  const early = await instagram.publish(container);
  expect(early.status).toBe(400);
  expect(early.body).toMatchObject({
    error: { message: 'Media ID is not available', type: 'OAuthException', code: 9007, error_subcode: 2207027 },
  });
  await stage.control.shiftClock(60_001);
  expect(await instagram.status(container)).toBe('FINISHED');
  const published = await instagram.publish(container);
  expect(published.status).toBe(200);
  const { id } = withId.parse(published.body);
  expect(id).not.toBe(container);
  expect(BigInt(id)).toBeGreaterThan(2n ** 53n);
  expect(await instagram.status(container)).toBe('PUBLISHED');
  const medium = await instagram.read(`/${id}?fields=permalink,shortcode,timestamp,caption,media_type`);
  expect(medium.body).toMatchObject({ id, caption: 'Grey', media_type: 'IMAGE' });
  expect(medium.text).toMatch(/"permalink":"https:\/\/www\.instagram\.com\/p\/[\w-]+\/"/);
  expect(medium.text).toMatch(/"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000"/);
  expect(await stage.control.live({ account: account.id })).toMatchObject([
    { id, text: 'Grey', madeFrom: container, media: [{ kind: 'image', altText: 'A gradient' }] },
  ]);
});

test('a reel is fetched after the call, and its address is a reel', async () => {
  const account = await instagramAccount(stage);
  const instagram = instagramOf(stage, account);
  const container = await instagram.created({ ...instagram.video, media_type: 'REELS', caption: 'Moves' });
  await expect.poll(() => instagram.status(container), patience).toBe('FINISHED');
  const { id } = withId.parse((await instagram.publish(container)).body);
  expect((await instagram.read(`/${id}?fields=permalink,media_type,media_product_type`)).body).toMatchObject({
    permalink: expect.stringContaining('/reel/'),
    media_type: 'VIDEO',
    media_product_type: 'REELS',
  });
});

test('a carousel is one post of two to ten finished children', async () => {
  const account = await instagramAccount(stage);
  const instagram = instagramOf(stage, account);
  const child = { is_carousel_item: 'true' };
  const image = await instagram.created({ ...instagram.image, ...child });
  const video = await instagram.created({ ...instagram.video, ...child, media_type: 'VIDEO' });
  await expect.poll(() => instagram.status(video), patience).toBe('FINISHED');
  const parentOf = (children: string[]) =>
    instagram.create({ media_type: 'CAROUSEL', children: children.join(','), caption: 'Both' });
  const tooMany = new Array<string>(11).fill(image);
  for (const children of [[image], tooMany]) {
    expect((await parentOf(children)).body).toMatchObject({ error: { code: 100, error_subcode: 2207028 } });
  }
  expect((await parentOf([image, '17800000000000000'])).body).toMatchObject({ error: { error_subcode: 2207006 } });
  const parent = withId.parse((await parentOf([image, video])).body).id;
  expect((await instagram.publish(image)).body).toMatchObject({ error: { error_subcode: 2207006 } });
  const { id } = withId.parse((await instagram.publish(parent)).body);
  const fields = 'id,caption,media_type,children{id}';
  expect((await instagram.list(fields)).body).toMatchObject({
    data: [{ id, caption: 'Both', media_type: 'CAROUSEL_ALBUM', children: { data: [{}, {}] } }],
  });
  expect((await stage.control.calls({ account: account.id, call: 'create_container.child' })).length).toBe(2);
  expect((await stage.control.calls({ account: account.id, call: 'create_container.parent' })).length).toBe(4);
  expect((await stage.control.calls({ account: account.id, call: 'create_container' })).length).toBe(6);
});

test('a child that is still processed stops its parent', async () => {
  const account = await instagramAccount(stage);
  const instagram = instagramOf(stage, account);
  const ready = await instagram.created({ ...instagram.image, is_carousel_item: 'true' });
  await stage.control.addFault({
    platform: 'instagram',
    account: account.id,
    call: 'create_container.child',
    fault: { kind: 'processing_never_ends' },
  });
  const stuck = await instagram.created({ ...instagram.image, is_carousel_item: 'true' });
  const parent = await instagram.create({ media_type: 'CAROUSEL', children: `${ready},${stuck}` });
  expect(parent.body).toMatchObject({ error: { code: 9007, error_subcode: 2207027 } });
  expect(await instagram.status(stuck)).toBe('IN_PROGRESS');
});

test('an unpublished container expires after a day', async () => {
  const account = await instagramAccount(stage);
  const instagram = instagramOf(stage, account);
  const container = await instagram.created(instagram.image);
  await stage.control.shiftClock(24 * hourMs + 1);
  expect(await instagram.status(container)).toBe('EXPIRED');
  expect((await instagram.publish(container)).body).toMatchObject({ error: { code: 24, error_subcode: 2207008 } });
});

test('failed processing is an ERROR with its code, and cannot be published', async () => {
  const account = await instagramAccount(stage);
  const instagram = instagramOf(stage, account);
  await stage.control.addFault({
    platform: 'instagram',
    account: account.id,
    call: 'create_container',
    fault: { kind: 'processing_failed', name: '2207026' },
  });
  const container = await instagram.created(instagram.image);
  expect((await instagram.read(`/${container}?fields=status_code,status`)).body).toEqual({
    status_code: 'ERROR',
    status: 'Error: Media upload has failed with error code 2207026',
    id: container,
  });
  expect((await instagram.publish(container)).status).toBe(400);
});

const modes = [
  { republish: 'same_id', status: 200, subcode: undefined, live: 1 },
  { republish: 'error_9007', status: 400, subcode: 2207027, live: 1 },
  { republish: 'error_24', status: 400, subcode: 2207006, live: 1 },
  { republish: 'second_post', status: 200, subcode: undefined, live: 2 },
];

test.each(modes)('publishing a container again in mode $republish: $status, $live live', async (mode) => {
  const account = await instagramAccount(stage, { settings: { republish: mode.republish } });
  const instagram = instagramOf(stage, account);
  const container = await instagram.created(instagram.image);
  const first = withId.parse((await instagram.publish(container)).body).id;
  const again = await instagram.publish(container);
  expect(again.status).toBe(mode.status);
  if (mode.subcode !== undefined) expect(again.body).toMatchObject({ error: { error_subcode: mode.subcode } });
  if (mode.republish === 'same_id') expect(again.body).toEqual({ id: first });
  expect(await stage.control.live({ account: account.id })).toHaveLength(mode.live);
});

test('2207051 lies: the refused post is live, and the container says so', async () => {
  const account = await instagramAccount(stage);
  const instagram = instagramOf(stage, account);
  const container = await instagram.created({ ...instagram.image, caption: 'Not spam' });
  await stage.control.addFault({
    platform: 'instagram',
    account: account.id,
    call: 'publish',
    fault: { kind: 'lying_refusal' },
  });
  const refused = await instagram.publish(container);
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ error: { code: 4, error_subcode: 2207051 } });
  expect(await stage.control.live({ account: account.id })).toMatchObject([{ text: 'Not spam' }]);
  expect(await instagram.status(container)).toBe('PUBLISHED');
});

test('a lost publish leaves a PUBLISHED container; its status and the list can lag', async () => {
  const account = await instagramAccount(stage, { settings: { statusLagMs: 30_000, listDelayMs: 60_000 } });
  const instagram = instagramOf(stage, account);
  const container = await instagram.created(instagram.image);
  await stage.control.addFault({
    platform: 'instagram',
    account: account.id,
    call: 'publish',
    fault: { kind: 'commit_then_reset' },
  });
  await expect(instagram.publish(container)).rejects.toThrow();
  expect(await instagram.status(container)).toBe('FINISHED');
  expect((await instagram.list()).body).toEqual({ data: [] });
  await stage.control.shiftClock(30_001);
  expect(await instagram.status(container)).toBe('PUBLISHED');
  expect((await instagram.list()).body).toEqual({ data: [] });
  await stage.control.shiftClock(60_001);
  expect((await instagram.list()).body).toMatchObject({ data: [{}] });
});

test('a publish within the lag after FINISHED is refused as not ready', async () => {
  const account = await instagramAccount(stage, { settings: { publishLagMs: 20_000 } });
  const instagram = instagramOf(stage, account);
  const container = await instagram.created(instagram.image);
  expect(await instagram.status(container)).toBe('FINISHED');
  expect((await instagram.publish(container)).body).toMatchObject({ error: { error_subcode: 2207027 } });
  await stage.control.shiftClock(20_001);
  expect((await instagram.publish(container)).status).toBe(200);
});

test('the quota counts posts of a rolling day', async () => {
  const account = await instagramAccount(stage, {
    settings: { quota: { publish: { limit: 2, windowMs: 24 * hourMs } } },
  });
  const instagram = instagramOf(stage, account);
  const limit = () => instagram.read(`/${account.igUserId}/content_publishing_limit?fields=quota_usage,config`);
  for (let count = 0; count < 2; count += 1) {
    expect((await instagram.publish(await instagram.created(instagram.image))).status).toBe(200);
  }
  expect((await limit()).body).toEqual({
    data: [{ quota_usage: 2, config: { quota_total: 2, quota_duration: 86_400 } }],
  });
  const third = await instagram.created(instagram.image);
  expect((await instagram.publish(third)).body).toMatchObject({ error: { code: 9, error_subcode: 2207042 } });
  await stage.control.shiftClock(24 * hourMs + 60_000);
  expect((await limit()).body).toMatchObject({ data: [{ quota_usage: 0 }] });
});

test('the media list is newest first, in pages', async () => {
  const account = await instagramAccount(stage);
  const instagram = instagramOf(stage, account);
  for (const caption of ['one', 'two', 'three']) {
    await instagram.publish(await instagram.created({ ...instagram.image, caption }));
  }
  const first = await instagram.read(`/${account.igUserId}/media?fields=caption&limit=2`);
  expect(first.body).toMatchObject({ data: [{ caption: 'three' }, { caption: 'two' }] });
  const { paging } = z
    .object({ paging: z.object({ cursors: z.object({ after: z.string() }), next: z.string() }) })
    .parse(first.body);
  const second = await instagram.read(
    `/${account.igUserId}/media?fields=caption&limit=2&after=${paging.cursors.after}`,
  );
  expect(second.body).toMatchObject({ data: [{ caption: 'one' }] });
  expect(second.text).not.toContain('"next"');
});
