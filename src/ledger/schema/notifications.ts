// Notifications: how far the audit trail was followed, what is to be told on which channel, and the incidents that were told.
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { CauseCode } from '../../domain/causes/causes.ts';
import { DELIVERY_STATES } from '../../domain/notifications/delivery.ts';
import type { Telling } from '../../domain/notifications/telling.ts';
import { workspaces } from './accounts.ts';
import { among, instant } from './columns.ts';

/** How far a workspace was looked through. */
export const notificationCursors = pgTable('notification_cursors', {
  workspaceId: uuid()
    .primaryKey()
    .references(() => workspaces.id),
  /** The last position of the audit trail that was looked at. */
  position: bigint({ mode: 'number' }).notNull(),
  /** When the grants were last looked at. */
  grantsLookedAt: instant(),
  /** What the last morning report was about: from when, and until when. */
  reportedFrom: instant(),
  reportedUntil: instant(),
});

/** One message to one channel. Its id is the message's own, the same for every try. */
export const notifications = pgTable(
  'notifications',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    channel: text().notNull(),
    /** What it is about: the same thing is told to a channel once. */
    key: text().notNull(),
    telling: jsonb().$type<Telling>().notNull(),
    state: text({ enum: DELIVERY_STATES }).notNull(),
    tries: integer().notNull().default(0),
    createdAt: instant().notNull(),
    triedAt: instant(),
    /** When it is tried next; null when it is not. */
    nextTryAt: instant(),
    deliveredAt: instant(),
    /** What the last try met. */
    failure: text(),
  },
  (table) => [
    unique('notifications_once').on(table.workspaceId, table.channel, table.key),
    index('notifications_newest').on(table.workspaceId, table.createdAt, table.id),
    index('notifications_due').on(table.workspaceId, table.channel, table.nextTryAt).where(sql`state = 'waiting'`),
    check('notifications_state', among(table.state, DELIVERY_STATES)),
    check('notifications_next_try', sql`(state = 'waiting') = (next_try_at is not null)`),
  ],
);

/** Failures of one account for one cause that people were told of, until none is left. */
export const toldIncidents = pgTable(
  'told_incidents',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    accountId: uuid().notNull(),
    cause: text().$type<CauseCode>().notNull(),
    openedAt: instant().notNull(),
    closedAt: instant(),
  },
  (table) => [
    uniqueIndex('told_incidents_one_open')
      .on(table.workspaceId, table.accountId, table.cause)
      .where(sql`closed_at is null`),
  ],
);
