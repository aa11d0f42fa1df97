// Holds: who stopped what, and why. One that is active stops every create it is about.
import { sql } from 'drizzle-orm';
import { check, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/people/actor.ts';
import { HOLD_SCOPES } from '../../domain/schedules/hold.ts';
import type { Pace } from '../../domain/schedules/pace.ts';
import { workspaces } from './accounts.ts';
import { among, instant } from './columns.ts';

export const holds = pgTable(
  'holds',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    scope: text({ enum: HOLD_SCOPES }).notNull(),
    /** The account's id or the delivery set's; empty for the whole workspace. */
    targetId: text().notNull(),
    reason: text().notNull(),
    placedBy: jsonb().$type<Actor>().notNull(),
    placedAt: instant().notNull(),
    releasedBy: jsonb().$type<Actor>(),
    releasedAt: instant(),
    /** How what was late went out. */
    release: jsonb().$type<{ pace: Pace; notOlderThan: string | null }>(),
  },
  (table) => [
    uniqueIndex('holds_one_active').on(table.workspaceId, table.scope, table.targetId).where(sql`released_at is null`),
    check('holds_scope', among(table.scope, HOLD_SCOPES)),
  ],
);
