// The list of items: which ones, in which order, page by page, and never another workspace's.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_STATES, type ScheduleState } from '../../src/domain/schedules/states.ts';
import { orderBy, scopeConditions } from '../../src/ledger/schedules/item-filter.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { readCursor } from '../../src/recovery/cursor.ts';
import { type ItemsWanted, listItems } from '../../src/recovery/list-items.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { minutesAgo, place, placeAccount } from './place.ts';

const STATES = Object.keys(SCHEDULE_STATES).filter((name): name is ScheduleState =>
  Object.hasOwn(SCHEDULE_STATES, name),
);

describe('the list of items', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    const accountId = await placeAccount(stage, { name: 'steady' });
    for (const [index, state] of STATES.entries()) {
      await place(stage, { id: state, state, accountId, publishAt: minutesAgo(index + 1) });
    }
    await place(stage, { id: 'tomorrow', state: 'queued', accountId, publishAt: minutesAgo(-24 * 60) });
    const others = randomUUID();
    await stage.context.ledger.db.insert(workspaces).values({ id: others, name: 'others', createdAt: new Date() });
    const theirs = await placeAccount(stage, { name: 'theirs', workspaceId: others });
    await place(stage, { id: 'theirs', state: 'failed', accountId: theirs }, others);
  });
  afterAll(() => stage.close());

  async function ids(wanted: Partial<ItemsWanted>): Promise<string[]> {
    const defaults = { workspaceId: stage.workspaceId, needsPerson: false, all: false, after: null, limit: 50 };
    const page = await listItems(stage.context.ledger, { ...defaults, ...wanted });
    return page.items.map((item) => item.id);
  }

  it('holds what has not ended and does not simply wait for its time, newest first', async () => {
    expect(await ids({})).toEqual([
      'queued',
      'posting',
      'retry_later',
      'outcome_unknown',
      'unconfirmed',
      'failed',
      'blocked',
      'repair_required',
      'handoff_pending',
      'held',
      'missed',
    ]);
  });

  it('holds everything when all is asked for', async () => {
    expect(await ids({ all: true })).toEqual(['tomorrow', ...STATES]);
  });

  it('holds only what waits for a person, or only one state', async () => {
    expect(await ids({ needsPerson: true })).toEqual([
      'unconfirmed',
      'failed',
      'blocked',
      'repair_required',
      'handoff_pending',
      'missed',
    ]);
    expect(await ids({ states: ['queued'], all: true })).toEqual(['tomorrow', 'queued']);
    expect(await ids({ states: ['published'], all: true })).toEqual(['published']);
    expect(await ids({ states: ['failed'], needsPerson: true })).toEqual(['failed']);
    expect(await ids({ states: ['queued'], needsPerson: true })).toEqual([]);
  });

  it('comes page by page without a gap or a double, also where many share one instant', async () => {
    const accountId = await placeAccount(stage, { name: 'crowded' });
    const at = minutesAgo(500);
    for (let index = 0; index < 7; index += 1)
      await place(stage, { id: `same-${index}`, state: 'failed', accountId, publishAt: at });
    const seen: string[] = [];
    let after: ItemsWanted['after'] = null;
    for (let pages = 0; pages < 20; pages += 1) {
      const wanted = { workspaceId: stage.workspaceId, needsPerson: false, all: true, after, limit: 3 };
      const page = await listItems(stage.context.ledger, wanted);
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map((item) => item.id));
      if (page.nextCursor === null) break;
      after = readCursor(page.nextCursor);
      expect(after).not.toBeNull();
    }
    expect(seen).toEqual(await ids({ all: true, limit: 200 }));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(STATES.length + 1 + 7);
  });

  it('reads no cursor that is none of its own', () => {
    const foreign = [
      '',
      'x',
      '%%%',
      Buffer.from('[1,2]').toString('base64url'),
      Buffer.from('["2026-01-01","a"]').toString('base64url'),
    ];
    for (const cursor of foreign) expect(readCursor(cursor)).toBeNull();
  });

  it('holds and finds what has the longest names that are taken, in letters of three bytes', async () => {
    const long = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        String.fromCodePoint(0x4e00 + ((index * 7_919 + count) % 20_000)),
      ).join('');
    const actor = (id: string) => ({ type: 'SELF_DECLARED', id, label: id }) as const;
    const id = long(128);
    const [owner, creator] = [long(200), long(199)];
    const accountId = await placeAccount(stage, { name: long(100) });
    await place(stage, {
      id,
      state: 'failed',
      cause: 'publish_failed',
      accountId,
      recoveryOwner: actor(owner),
      creator: actor(creator),
    });
    const { workspaceId } = stage;
    const mine = { workspaceId, after: null, limit: 5, filter: { ownerId: owner } };
    for (const order of ['newest_failure', 'oldest_due'] as const)
      expect((await listItems(stage.context.ledger, { ...mine, order })).items.map((item) => item.id)).toEqual([id]);
  });

  it.each([
    ['person', 'newest_failure', 'schedules_person_by_failure'],
    ['person', 'oldest_due', 'schedules_person_by_due'],
    ['itself', 'newest_failure', 'schedules_itself_by_failure'],
    ['itself', 'newest_due', 'schedules_itself_by_due'],
    ['unknown', 'newest_failure', 'schedules_unknown_by_failure'],
    ['unknown', 'oldest_due', 'schedules_unknown_by_due'],
  ] as const)(
    'finds the group %s, %s first, in its own index among very many that ended',
    async (group, order, name) => {
      const { db, clock } = stage.context.ledger;
      const { workspaceId } = stage;
      const [rows] = scopeConditions({ workspaceId, states: null, surface: 'recovery', group }, clock.now());
      const { at, direction } = orderBy(order);
      const plan = await db.transaction(async (tx) => {
        await tx.execute(sql`set local enable_seqscan = off`);
        return tx.execute<{ 'QUERY PLAN': string }>(sql`
        explain select id from schedules where ${rows} order by ${at} ${direction}, id ${direction} limit 50`);
      });
      const told = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(told).toContain(name);
      expect(told).not.toContain('Sort');
    },
  );
});
