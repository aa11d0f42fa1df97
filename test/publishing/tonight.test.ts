// What will stop a publish is found before its time, with the cause, the way on and the owner that its failure would have (R8).
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/tonight/finding.ts';
import { placeHold } from '../../src/ledger/holds/holds.ts';
import { readItem } from '../../src/ledger/schedules/items.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { posts, schedules } from '../../src/ledger/schema/schedules.ts';
import { tonightChecks } from '../../src/ledger/schema/tonight.ts';
import { checkTonight } from '../../src/publishing/tonight/foresee.ts';
import { theNight } from '../../src/publishing/tonight/night.ts';
import { assembleItem } from '../../src/recovery/item.ts';
import { serveMedia } from '../harness/media-files.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { place, placeAccount } from '../recovery/place.ts';
import { OLGA, openShop, samplePicture, scheduleOf, someText } from '../workflow/shop.ts';
import { pass, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const HOUR_MS = 3_600_000;
const ahead = (ms: number) => new Date(stage.context.ledger.clock.now().getTime() + ms);
const inAnHour = () => ahead(HOUR_MS).toISOString();
const look = (scheduleId: string) => checkTonight(stage.context, stage.keyOf(scheduleId));
const kinds = (findings: readonly Finding[] | null) => findings?.map(({ kind }) => kind);

/** What the night tells of one publish. */
async function told(scheduleId: string): Promise<readonly Finding[]> {
  const { entries } = await theNight(stage.context, { workspaceId: stage.workspaceId, after: null, limit: 200 });
  const entry = entries.find(({ facts }) => facts.schedule.id === scheduleId);
  if (!entry) throw new TypeError(`${scheduleId} is not of this night`);
  return entry.findings;
}

async function itemOf(scheduleId: string) {
  const facts = await readItem(stage.context.ledger, stage.workspaceId, scheduleId);
  if (!facts) throw new TypeError('it was just taken in');
  return assembleItem(facts);
}

function change(accountId: string, changes: Partial<typeof connectedAccounts.$inferInsert>) {
  return stage.context.ledger.db.update(connectedAccounts).set(changes).where(eq(connectedAccounts.id, accountId));
}

/** What is stored of a post differs from what passed when it was taken in, as after a limit was lowered. */
async function alter(scheduleId: string, changes: Partial<typeof schedules.$inferInsert>) {
  await stage.context.ledger.db.update(schedules).set(changes).where(eq(schedules.id, scheduleId));
}

describe('a grant', () => {
  const withoutMedia = ['tweet.read', 'tweet.write', 'users.read', 'offline.access'];

  it('that lacks the scope of media is found as it fails, and its next post as the gate stops that', async () => {
    const name = `plain-${randomUUID()}`;
    const settings = { quota: 'unlimited' };
    const account = await stage.connectSandboxAccount({ platform: 'x', name, settings, scopes: withoutMedia });
    const media = [await samplePicture(stage)];
    const publishAt = inAnHour();
    const [first, second] = [
      await taken(stage, { name }, { media, publishAt }),
      await taken(stage, { name }, { media, publishAt }),
    ];
    const [finding, ...others] = (await look(first)) ?? [];
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'scope_missing',
      cause: 'x_media_upload_scope_missing',
      text: `The grant of ${name} lacks media.write, which the post needs; reconnect the account.`,
      nextAction: { code: 'reconnect_account', href: `/connections/${account.id}` },
    });
    const before = await itemOf(first);
    shiftClock(stage.folder, HOUR_MS + 1_000);
    expect(await pass(stage, first)).toMatchObject({ state: 'failed' });
    const after = await itemOf(first);
    expect(after).toMatchObject({
      cause: { code: finding?.cause },
      nextAction: finding?.nextAction,
      owner: before.owner,
    });
    shiftClock(stage.folder, 0);
    const [gated] = await told(second);
    expect(gated).toMatchObject({ kind: 'media_capability_missing', cause: 'x_media_capability_missing' });
    shiftClock(stage.folder, HOUR_MS + 1_000);
    await pass(stage, second);
    expect(await itemOf(second)).toMatchObject({ cause: { code: gated?.cause }, nextAction: gated?.nextAction });
    shiftClock(stage.folder, 0);
  });

  it('without the scope of posts is found by its own cause, and one whose scopes nobody told is not', async () => {
    const shop = await openShop(stage);
    await change(shop.id, { scopes: ['tweet.read', 'users.read'] });
    const text = await taken(stage, shop, { publishAt: inAnHour() });
    expect(await look(text)).toMatchObject([{ kind: 'scope_missing', cause: 'permissions_missing' }]);
    await change(shop.id, { scopes: withoutMedia });
    expect(await told(text)).toEqual([]);
    await change(shop.id, { scopes: [] });
    expect(await told(text)).toEqual([]);
  });

  it('that ends before the post is due is found until it is connected anew', async () => {
    const shop = await openShop(stage);
    const { sealer } = stage.context.ledger;
    // One that renews itself ends for nobody.
    await change(shop.id, { grantExpiresAt: ahead(60_000) });
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour() });
    expect(await look(scheduleId)).toEqual([]);
    await change(shop.id, { sealedGrant: sealer.seal(shop.id, { accessToken: 'no-renewal' }) });
    await look(scheduleId);
    expect(await told(scheduleId)).toMatchObject([
      { kind: 'grant_ends', cause: 'auth_expired', nextAction: { href: `/connections/${shop.id}` } },
    ]);
    await shop.reconnect();
    expect(await told(scheduleId)).toEqual([]);
  });

  it('that is dead is found at once', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour() });
    await change(shop.id, { status: 'reconnect_required' });
    expect(await told(scheduleId)).toMatchObject([
      { kind: 'disconnected', cause: 'reconnect_required', nextAction: { code: 'reconnect_account' } },
    ]);
    expect(kinds(await look(scheduleId))).toEqual(['disconnected']);
  });
});

it('an account that is gone is found with the way to choose another', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop, { publishAt: inAnHour() });
  await change(shop.id, { deletedAt: new Date() });
  expect(await told(scheduleId)).toMatchObject([
    {
      kind: 'target_broken',
      nextAction: { code: 'review_connections', href: `/schedules/${scheduleId}/edit#accountId` },
    },
  ]);
  expect(kinds(await look(scheduleId))).toEqual(['target_broken']);
});

it('a missing approval and a hold are found as they are now', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop, { publishAt: inAnHour(), approvalRequired: true });
  expect(await told(scheduleId)).toMatchObject([
    { kind: 'approval_missing', cause: null, nextAction: { code: 'none', href: `/schedules/${scheduleId}/review` } },
  ]);
  const target = { scope: 'account', accountId: shop.id } as const;
  await placeHold(stage.context.ledger, { workspaceId: stage.workspaceId, target, reason: 'the news', actor: OLGA });
  expect(kinds(await told(scheduleId))).toEqual(['approval_missing', 'on_hold']);
  expect(kinds(await look(scheduleId))).toEqual(['approval_missing', 'on_hold']);
});

describe('a limit of the destination', () => {
  it('that the text passes has no way on but another text', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour() });
    await alter(scheduleId, { content: { text: 'x'.repeat(300), media: [] } });
    expect(await look(scheduleId)).toMatchObject([
      { kind: 'limit_passed', cause: 'publish_failed', nextAction: { code: 'none' } },
    ]);
    expect((await told(scheduleId))[0]?.text).toContain('280 weighted characters');
  });

  it('that the media pass leads to the media', async () => {
    const shop = await openShop(stage);
    const picture = { ...(await samplePicture(stage)), mediaType: 'image/png' } as const;
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour(), media: [picture] });
    await alter(scheduleId, { content: { text: '', media: [picture, picture, picture, picture, picture] } });
    expect(await look(scheduleId)).toMatchObject([
      {
        kind: 'media_limit_passed',
        cause: 'media_invalid',
        nextAction: { code: 'review_media', href: `/schedules/${scheduleId}/media` },
      },
    ]);
  });
});

describe('media', () => {
  it('that are gone, or others than were taken in, are found', async () => {
    const shop = await openShop(stage);
    const files = await serveMedia();
    const [gone, other] = [files.item('sample.jpg'), files.item('sample.png')];
    const changed = await taken(stage, shop, { publishAt: inAnHour(), media: [other] });
    const away = await taken(stage, shop, { publishAt: inAnHour(), media: [gone] });
    expect([await look(changed), await look(away)]).toEqual([[], []]);
    await alter(changed, { content: { text: '', media: [{ ...other, sizeBytes: other.sizeBytes + 1 }] } });
    expect(await look(changed)).toMatchObject([
      { kind: 'media_changed', cause: 'media_invalid', nextAction: { href: `/schedules/${changed}/media` } },
    ]);
    await files.close();
    expect(await look(away)).toMatchObject([
      { kind: 'media_unreachable', cause: 'media_invalid', nextAction: { code: 'review_media' } },
    ]);
    expect(kinds(await told(away))).toEqual(['media_unreachable']);
  });
});

describe('a quota', () => {
  /** So many posts of the account that are due a minute before it. */
  async function crowd(accountId: string, platform: string, count: number, publishAt: Date) {
    for (let made = 0; made < count; made += 1) await place(stage, { state: 'queued', accountId, platform, publishAt });
  }

  // X: 100 posts of a user in 15 minutes (platform reference 1.6).
  it('of X that the night will exceed is found on the post that comes too many', async () => {
    const accountId = await placeAccount(stage, { name: `crowd-${randomUUID()}` });
    const wanted = { state: 'queued', accountId, publishAt: ahead(HOUR_MS) } as const;
    const scheduleId = await place(stage, { ...wanted, id: `z-${randomUUID()}` });
    await crowd(accountId, 'x', 99, ahead(HOUR_MS - 60_000));
    expect(await look(scheduleId)).toEqual([]);
    // Due at the same instant, and before it by its id.
    await place(stage, {
      ...wanted,
      id: `a-${randomUUID()}`,
      publishAt: (await scheduleOf(stage, scheduleId))?.publishAt ?? wanted.publishAt,
    });
    expect(await look(scheduleId)).toMatchObject([
      {
        kind: 'quota_spent',
        cause: 'rate_limited',
        text: 'The account takes 100 posts in 15 minutes, and 100 come before this one.',
        nextAction: { code: 'retry_later', kind: 'none' },
      },
    ]);
    // A quarter of an hour later there is room again.
    await alter(scheduleId, { publishAt: ahead(HOUR_MS + 900_000) });
    expect(await look(scheduleId)).toEqual([]);
  });

  // Instagram: 50 posts in 24 hours (platform reference 2.6); what is live already counts.
  it('of Instagram counts what is live already', async () => {
    const accountId = await placeAccount(stage, { name: `gram-${randomUUID()}`, platform: 'instagram' });
    const base = { accountId, platform: 'instagram', withMedia: true } as const;
    await crowd(accountId, 'instagram', 49, ahead(HOUR_MS - 60_000));
    const live = await place(stage, { ...base, state: 'published' });
    const scheduleId = await place(stage, { ...base, state: 'queued', publishAt: ahead(HOUR_MS) });
    const quota = async () => (await look(scheduleId))?.find(({ kind }) => kind === 'quota_spent')?.text;
    expect(await quota()).toBe('The account takes 50 posts in 24 hours, and 50 come before this one.');
    await stage.context.ledger.db
      .update(posts)
      .set({ publishedAt: ahead(-24 * HOUR_MS) })
      .where(eq(posts.scheduleId, live));
    expect(await quota()).toBeUndefined();
  });

  it('of Bluesky is that of its points: 1,666 creates an hour, 11,666 a day', () => {
    expect(stage.context.platforms.get('bluesky')?.createQuotas).toEqual([
      { posts: 1_666, withinMs: HOUR_MS },
      { posts: 11_666, withinMs: 24 * HOUR_MS },
    ]);
  });
});

describe('an account that is throttled', () => {
  it('until after the due time is found, by the window that the post needs', async () => {
    const shop = await openShop(stage);
    const text = await taken(stage, shop, { publishAt: inAnHour() });
    const picture = await taken(stage, shop, { publishAt: inAnHour(), media: [await samplePicture(stage)] });
    await change(shop.id, { rateLimits: { create: ahead(HOUR_MS / 2).toISOString() } });
    expect([await told(text), await told(picture)]).toEqual([[], []]);
    const until = ahead(2 * HOUR_MS).toISOString();
    await change(shop.id, { rateLimits: { upload: until } });
    expect(await told(text)).toEqual([]);
    expect(await told(picture)).toMatchObject([
      {
        kind: 'throttled',
        cause: 'rate_limited',
        text: `${shop.name} is throttled until ${until}; the post goes out then, not at its time.`,
        nextAction: { code: 'retry_later' },
      },
    ]);
    await change(shop.id, { rateLimits: { create: until } });
    expect(kinds(await told(text))).toEqual(['throttled']);
  });

  it('until its last moment has passed is too late, and is missed then', async () => {
    const shop = await openShop(stage);
    const publishBefore = ahead(2 * HOUR_MS).toISOString();
    const scheduleId = await taken(stage, shop, { publishAt: inAnHour(), publishBefore });
    await change(shop.id, { rateLimits: { create: publishBefore } });
    expect(await told(scheduleId)).toMatchObject([{ kind: 'too_late', cause: null, nextAction: { code: 'none' } }]);
    shiftClock(stage.folder, HOUR_MS + 1_000);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'retry_later', wakeAt: publishBefore });
    shiftClock(stage.folder, 2 * HOUR_MS);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'missed' });
    shiftClock(stage.folder, 0);
  });
});

it('the condition over rows stops exactly what something was found on, and tells it first', async () => {
  // Of most kinds something stands in the ledger by now; of the others, and of what nothing stops, it is made here.
  const [fine, unscoped, throttled, ending, mediaLess] = await Promise.all(
    Array.from({ length: 5 }, () => openShop(stage)),
  );
  if (!fine || !unscoped || !throttled || !ending || !mediaLess) throw new TypeError('there are five');
  const publishBefore = ahead(2 * HOUR_MS).toISOString();
  await taken(stage, fine, { publishAt: inAnHour(), text: someText() });
  const unseen = await taken(stage, fine, { publishAt: inAnHour() });
  await stage.context.ledger.db.delete(tonightChecks).where(eq(tonightChecks.scheduleId, unseen));
  await taken(stage, unscoped, { publishAt: inAnHour() });
  await change(unscoped.id, { scopes: ['tweet.read'] });
  await taken(stage, throttled, { publishAt: inAnHour(), publishBefore });
  await change(throttled.id, { rateLimits: { create: publishBefore } });
  const ends = { sealedGrant: stage.context.ledger.sealer.seal(ending.id, { accessToken: 'no-renewal' }) };
  await change(ending.id, { ...ends, grantExpiresAt: ahead(60_000) });
  await look(await taken(stage, ending, { publishAt: inAnHour() }));
  await taken(stage, mediaLess, { publishAt: inAnHour(), media: [await samplePicture(stage)] });
  await taken(stage, mediaLess, { publishAt: inAnHour() });
  await change(mediaLess.id, { mediaCapabilityMissing: true });
  const { workspaceId } = stage;
  const night = await theNight(stage.context, { workspaceId, after: null, limit: 1_000 });
  const found = night.entries.map(({ findings }) => findings.length > 0);
  expect(found).toEqual([...found].sort((one, other) => Number(other) - Number(one)));
  expect(night).toMatchObject({ due: night.entries.length, stopped: found.filter(Boolean).length, next: null });
  const all = new Set(night.entries.flatMap(({ findings }) => kinds(findings) ?? []));
  expect([...all].sort()).toEqual([
    'approval_missing',
    'disconnected',
    'grant_ends',
    'limit_passed',
    'media_capability_missing',
    'media_changed',
    'media_limit_passed',
    'media_unreachable',
    'on_hold',
    'scope_missing',
    'target_broken',
    'throttled',
    'too_late',
  ]);
});
