// What an operator looks for among items: every filter alone, groups and their order, pages, and incidents.
import { randomUUID } from 'node:crypto';
import { inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/domain/schedules/item.ts';
import { addMember } from '../../src/ledger/people/users.ts';
import type { ItemFilter } from '../../src/ledger/schedules/item-filter.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { users } from '../../src/ledger/schema/people.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { readCursor } from '../../src/recovery/cursor.ts';
import { listIncidents } from '../../src/recovery/incidents.ts';
import { type ItemsWanted, listItems } from '../../src/recovery/list-items.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type Actor, minutesAgo, place, placeAccount } from './place.ts';

const OLGA: Actor = { type: 'USER', id: randomUUID(), label: 'Olga' };
const GONE: Actor = { type: 'USER', id: randomUUID(), label: 'Gone' };
const SYSTEM: Actor = { type: 'SYSTEM', id: 'cli', label: 'the command line' };

describe('the filters of items', () => {
  let stage: Stage;
  let dead: string;
  let fine: string;
  beforeAll(async () => {
    stage = await openStage();
    const { ledger } = stage.context;
    await ledger.db.transaction(async (tx) => {
      await tx.insert(users).values({ id: OLGA.id, name: OLGA.label, createdAt: new Date() });
      await addMember(tx, { workspaceId: stage.workspaceId, userId: OLGA.id, role: 'operator', at: new Date() });
    });
    dead = await placeAccount(stage, { name: 'dead', status: 'reconnect_required' });
    fine = await placeAccount(stage, { name: 'fine', platform: 'bluesky' });
    await place(stage, {
      id: 'a1',
      state: 'failed',
      cause: 'auth_expired',
      accountId: dead,
      text: 'Spring SALE 100%',
      failedMinutesAgo: 10,
      publishAt: minutesAgo(100),
    });
    await place(stage, {
      id: 'a2',
      state: 'failed',
      cause: 'auth_expired',
      accountId: dead,
      failedMinutesAgo: 20,
      publishAt: minutesAgo(90),
      recoveryOwner: OLGA,
    });
    await place(stage, {
      id: 'b1',
      state: 'failed',
      cause: 'publish_failed',
      accountId: fine,
      platform: 'bluesky',
      failedMinutesAgo: 30,
      publishAt: minutesAgo(80),
      lastActor: OLGA,
    });
    await place(stage, {
      id: 'b2',
      state: 'unconfirmed',
      cause: 'unknown',
      accountId: fine,
      platform: 'bluesky',
      failedMinutesAgo: 40,
      publishAt: minutesAgo(70),
      lastActor: GONE,
    });
    await place(stage, {
      id: 'c1',
      state: 'handoff_pending',
      accountId: fine,
      platform: 'bluesky',
      publishAt: minutesAgo(60),
      handoffOwner: OLGA,
      creator: SYSTEM,
    });
    await place(stage, {
      id: 'c2',
      state: 'retry_later',
      cause: 'rate_limited',
      accountId: fine,
      platform: 'bluesky',
      publishAt: minutesAgo(50),
      creator: SYSTEM,
    });
    await place(stage, {
      id: 'd1',
      state: 'published',
      accountId: fine,
      platform: 'bluesky',
      publishAt: minutesAgo(40),
    });
    const others = randomUUID();
    await ledger.db.insert(workspaces).values({ id: others, name: 'others', createdAt: new Date() });
    const theirs = await placeAccount(stage, { name: 'dead', workspaceId: others, status: 'reconnect_required' });
    for (const id of ['x1', 'x2', 'x3'])
      await place(stage, { id, state: 'failed', cause: 'auth_expired', accountId: theirs }, others);
  });
  afterAll(() => stage.close());

  const list = async (wanted: Partial<ItemsWanted>): Promise<Item[]> => {
    const { workspaceId } = stage;
    const page = await listItems(stage.context.ledger, {
      workspaceId,
      after: null,
      limit: 50,
      order: 'oldest_due',
      ...wanted,
    });
    return page.items;
  };
  const ids = async (filter: ItemFilter, wanted: Partial<ItemsWanted> = {}) =>
    (await list({ filter, ...wanted })).map(({ id }) => id);

  it('find by platform, by account, by its name or its id, and by cause', async () => {
    expect(await ids({ platform: 'x' })).toEqual(['a1', 'a2']);
    expect(await ids({ account: 'dead' })).toEqual(['a1', 'a2']);
    expect(await ids({ account: dead })).toEqual(['a1', 'a2']);
    expect(await ids({ cause: 'auth_expired' })).toEqual(['a1', 'a2']);
    expect(await ids({ cause: 'rate_limited' })).toEqual(['c2']);
    expect(await ids({ incident: { accountId: dead, cause: 'auth_expired' } })).toEqual(['a1', 'a2']);
  });

  it('find by text, in any case and as it is written, or by id', async () => {
    expect(await ids({ text: 'spring sale' })).toEqual(['a1']);
    expect(await ids({ text: '100%' })).toEqual(['a1']);
    expect(await ids({ text: '1%0' })).toEqual([]);
    expect(await ids({ text: 'B1' })).toEqual(['b1']);
  });

  it('find by when it was due', async () => {
    expect(await ids({ dueFrom: minutesAgo(85), dueBefore: minutesAgo(65) })).toEqual(['b1', 'b2']);
  });

  it('find by exactly the owner that the item shows', async () => {
    const items = await list({ all: true });
    const owners = new Set(items.map(({ owner }) => owner.id ?? ''));
    for (const owner of owners) {
      const shown = items.filter((item) => (item.owner.id ?? '') === owner).map(({ id }) => id);
      expect(await ids({ ownerId: owner }, { all: true }), `owner "${owner}"`).toEqual(shown);
    }
    expect(await ids({ ownerId: OLGA.id })).toEqual(['a2', 'b1', 'c1']);
    expect(await ids({ ownerId: '' })).toEqual(['c2']);
    expect(await ids({ ownerId: GONE.id })).toEqual([]);
  });

  it('show a group with the newest failure first, page by page without a gap', async () => {
    const group = { group: 'person', order: 'newest_failure' } as const;
    const first = await listItems(stage.context.ledger, {
      workspaceId: stage.workspaceId,
      ...group,
      after: null,
      limit: 2,
    });
    expect(first.items.map(({ id }) => id)).toEqual(['a1', 'a2']);
    const after = readCursor(first.nextCursor ?? '');
    const rest = await listItems(stage.context.ledger, { workspaceId: stage.workspaceId, ...group, after, limit: 2 });
    expect(rest.items.map(({ id }) => id)).toEqual(['b1', 'c1']);
    expect(rest.nextCursor).toBeNull();
  });

  it('count two failures of one account for one cause as an incident, and nobody else’s', async () => {
    expect(await listIncidents(stage.context.ledger, stage.workspaceId, 10)).toMatchObject([
      {
        account: { id: dead, name: 'dead' },
        platform: 'x',
        cause: { code: 'auth_expired' },
        repair: 'reconnect_account',
        members: 2,
        repaired: 0,
        replayable: false,
        says: 'One reconnect repairs 2.',
      },
    ]);
  });

  it('count a publish that the gate stopped for its account among those that a reconnect repairs', async () => {
    const { ledger } = stage.context;
    for (const id of ['g1', 'g2']) await place(stage, { id, state: 'blocked', accountId: dead });
    await ledger.db
      .update(schedules)
      .set({ blockedReason: 'not-connected', failedAt: minutesAgo(5) })
      .where(inArray(schedules.id, ['g1', 'g2']));
    const incidents = await listIncidents(ledger, stage.workspaceId, 10);
    expect(incidents.map(({ cause, says }) => [cause.code, says])).toEqual([
      ['auth_expired', 'One reconnect repairs 2.'],
      ['reconnect_required', 'One reconnect repairs 2.'],
    ]);
  });
});
