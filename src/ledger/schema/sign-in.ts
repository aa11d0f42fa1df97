// What stands between the way to a provider and the way back.
import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns.ts';

/**
 * One try to sign in through a provider. The address holds `state`, a cookie of the browser another secret; only their
 * SHA-256 stand here, and the row is gone with its first use.
 */
export const signInFlows = pgTable(
  'sign_in_flows',
  {
    state: bytes().primaryKey(),
    browser: bytes().notNull(),
    /** The page of ours that was asked for, with its query. */
    back: text().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
  },
  (table) => [index().on(table.expiresAt)],
);
