// Review links: addresses that show one version of a post to somebody without an account.
import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/people/actor.ts';
import { bytes, instant } from './columns.ts';
import { ofSchedule } from './schedules.ts';

export const reviewLinks = pgTable(
  'review_links',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    /** The version it shows. */
    fingerprint: text().notNull(),
    label: text().notNull(),
    /** SHA-256 of what stands in the address. */
    hash: bytes().notNull().unique(),
    madeBy: jsonb().$type<Actor>().notNull(),
    madeAt: instant().notNull(),
    expiresAt: instant().notNull(),
    decided: text({ enum: ['approved', 'rejected'] }),
    decidedAt: instant(),
    /** By the reviewer's own word. */
    reviewer: text(),
    comment: text(),
    revokedAt: instant(),
  },
  (table) => [
    ofSchedule(table, 'review_links_schedule'),
    index().on(table.workspaceId, table.scheduleId, table.madeAt),
  ],
);
