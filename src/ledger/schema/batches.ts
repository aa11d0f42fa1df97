// Batches of replays and their members, each with the verdict it got.

import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { MEMBER_VERDICTS } from '../../domain/batches/batch.ts';
import type { CauseCode } from '../../domain/causes/causes.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Pace } from '../../domain/schedules/pace.ts';
import { connectedAccounts, workspaces } from './accounts.ts';
import { instant } from './columns.ts';
import { ofSchedule } from './schedules.ts';

export const batches = pgTable(
  'batches',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    accountId: uuid().notNull(),
    cause: text().$type<CauseCode>().notNull(),
    pace: jsonb().$type<Pace>().notNull(),
    skipOlder: instant(),
    note: text(),
    /** Who asked: the actor of every replay in it. */
    askedBy: jsonb().$type<Actor>().notNull(),
    askedAt: instant().notNull(),
    canceledAt: instant(),
    /** When its last member had its verdict. */
    endedAt: instant(),
    members: integer().notNull(),
  },
  (table) => [
    foreignKey({
      name: 'batches_account',
      columns: [table.workspaceId, table.accountId],
      foreignColumns: [connectedAccounts.workspaceId, connectedAccounts.id],
    }),
    index().on(table.workspaceId, table.askedAt),
    index('batches_open').on(table.askedAt).where(sql`ended_at is null`),
  ],
);

export const batchItems = pgTable(
  'batch_items',
  {
    batchId: uuid()
      .notNull()
      .references(() => batches.id),
    /** From 1, in the order of turns. */
    place: integer().notNull(),
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    /** The number of attempts it had when the batch was asked for. */
    attempts: integer().notNull(),
    /** When it has its turn. */
    dueAt: instant().notNull(),
    /** How often it was asked. */
    tries: integer().notNull().default(0),
    verdict: text({ enum: MEMBER_VERDICTS }),
    reason: text(),
    says: text(),
    answeredAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.batchId, table.place] }),
    ofSchedule(table, 'batch_items_schedule'),
    index('batch_items_waiting').on(table.batchId, table.dueAt, table.place).where(sql`verdict is null`),
    index().on(table.workspaceId, table.scheduleId),
  ],
);
