// What a platform's own list shows around an instant, for a person who decides whether a post is live.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { nearbyPosts } from '../../src/publishing/evidence/nearby.ts';
import { openApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import type { StageAccount } from '../harness/stage-on.ts';
import { until } from '../harness/until.ts';

describe('what an account lists around an instant', () => {
  let stage: Stage;
  let account: StageAccount;
  beforeAll(async () => {
    stage = await openStage();
    await stage.startWorker();
    account = await stage.connectSandboxAccount({ platform: 'x', name: 'listed', settings: { quota: 'unlimited' } });
    const { scheduleId } = await stage.startPublish({ account: 'listed', text: 'Seen by everybody' });
    await until('it is live', async () => (await stage.status(scheduleId))?.state === 'published');
  });
  afterAll(() => stage.close());

  const nearby = (around = new Date(), workspaceId = stage.workspaceId) =>
    nearbyPosts(stage.context, { workspaceId, accountId: account.id, around });
  const accountIs = (changes: Partial<typeof connectedAccounts.$inferInsert>) =>
    stage.context.ledger.db.update(connectedAccounts).set(changes).where(eq(connectedAccounts.id, account.id));

  it('is its posts of that time, each with its text, time and address', async () => {
    const found = await nearby();
    expect(found).toMatchObject({
      kind: 'read',
      posts: [
        { id: expect.stringMatching(/^\d+$/), text: 'Seen by everybody', url: expect.stringContaining('/status/') },
      ],
    });
    expect(await nearby(new Date(Date.now() - 86_400_000))).toEqual({ kind: 'read', posts: [] });
  });

  it('is told by the API and its client around the create of a schedule', async () => {
    const api = await openApi(stage);
    const { scheduleId } = await stage.startPublish({ account: 'listed', text: 'Asked about by a program' });
    await until('it is live', async () => (await stage.status(scheduleId))?.state === 'published');
    const seen = await api.client().nearby(scheduleId);
    expect(seen.unread).toBeNull();
    expect(seen.posts?.map(({ text }) => text)).toContain('Asked about by a program');
    await api.close();
  });

  it('is not read while the platform throttles reads, nor for another workspace, and that is said', async () => {
    const until = new Date(Date.now() + 600_000).toISOString();
    await accountIs({ rateLimits: { read: until } });
    expect(await nearby()).toEqual({
      kind: 'unread',
      why: `X throttles reads of this account until ${until}, so it was not asked; that says nothing about the post.`,
    });
    await accountIs({ rateLimits: {} });
    expect(await nearby(new Date(), randomUUID())).toMatchObject({
      kind: 'unread',
      why: expect.stringContaining('not there any more'),
    });
  });

  it('is said to be unread when the platform does not answer', async () => {
    await accountIs({ apiBase: 'http://127.0.0.1:1' });
    expect(await nearby()).toMatchObject({
      kind: 'unread',
      why: expect.stringMatching(/^X could not be read just now .*; that says nothing about the post\.$/),
    });
  });
});
