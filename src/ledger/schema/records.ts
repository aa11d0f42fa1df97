// The audit trail with the heads of its hash chains, remembered answers of the API, and rate-limit counters.
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { workspaces } from './accounts.ts';
import { bytes, instant } from './columns.ts';

/** Append-only: triggers refuse update, delete and truncate, and compute the chain (see the audit migration). */
export const auditEvents = pgTable(
  'audit_events',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** Position in the workspace's chain, from 1, without gaps. */
    position: bigint({ mode: 'number' }).notNull(),
    traceId: uuid().notNull(),
    type: text().notNull(),
    scheduleId: text(),
    actor: jsonb().notNull(),
    payload: jsonb().notNull(),
    at: instant().notNull(),
    previousHash: bytes().notNull(),
    hash: bytes().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.position] }),
    index().on(table.traceId, table.position),
    // The story of one account, among the many rows of its schedules.
    index('audit_events_account')
      .on(table.workspaceId, sql`(payload ->> 'accountId')`, table.position)
      .where(sql`type like 'account.%'`),
    check('audit_events_hash', sql`length(hash) = 32`),
  ],
);

/** The end of each workspace's chain; its row lock orders the writers. */
export const auditHeads = pgTable('audit_heads', {
  workspaceId: uuid()
    .primaryKey()
    .references(() => workspaces.id),
  position: bigint({ mode: 'number' }).notNull(),
  hash: bytes().notNull(),
});

/** The first answer given to an Idempotency-Key, replayed for as long as it is kept. */
export const rememberedAnswers = pgTable(
  'remembered_answers',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    key: text().notNull(),
    operation: text().notNull(),
    requestHash: text().notNull(),
    /** Null while the first request is still being answered. */
    status: integer(),
    body: jsonb(),
    createdAt: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.operation, table.key] })],
);

/** Counters of the API's rate limits; the columns are those the limiter library expects. */
export const rateLimits = pgTable('rate_limits', {
  key: text().primaryKey(),
  points: integer().notNull(),
  expire: instant(),
});
