// Workspaces, the keys of machines, and connected accounts with their sealed grants.
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { RateWindow } from '../../domain/causes/causes.ts';
import { among, bytes, instant } from './columns.ts';

export const workspaces = pgTable('workspaces', {
  id: uuid().primaryKey(),
  name: text().notNull().unique(),
  /** How long after its time a post may still go out where it says nothing itself, in ms; null: whenever it can. */
  publishWithinMs: bigint({ mode: 'number' }),
  createdAt: instant().notNull(),
});

/** A machine's key: only its SHA-256 is stored; `prefix` is what people see. */
export const apiKeys = pgTable('api_keys', {
  id: uuid().primaryKey(),
  workspaceId: uuid()
    .notNull()
    .references(() => workspaces.id),
  name: text().notNull(),
  prefix: text().notNull(),
  hash: bytes().notNull().unique(),
  scopes: text().array().notNull(),
  createdAt: instant().notNull(),
  /** To the minute, so that a busy key costs no write per call. */
  lastUsedAt: instant(),
  revokedAt: instant(),
});

export const ACCOUNT_STATUSES = ['connected', 'reconnect_required', 'disconnected'] as const;

export const connectedAccounts = pgTable(
  'connected_accounts',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    platform: text().notNull(),
    name: text().notNull(),
    remoteId: text().notNull(),
    /** Null: the platform's public address. */
    apiBase: text(),
    scopes: text().array().notNull(),
    status: text({ enum: ACCOUNT_STATUSES }).notNull(),
    /** AES-256-GCM over the grant's JSON, the account's id as associated data. */
    sealedGrant: bytes().notNull(),
    /** Raised with every stored grant: a renewal is saved only over the version that it renewed. */
    grantVersion: integer().notNull().default(1),
    /** Null: the platform did not say. */
    grantExpiresAt: instant(),
    /** When the sweep last tried to renew this grant, whatever came of it. */
    renewalTriedAt: instant(),
    /** When this grant was connected or renewed. */
    grantSavedAt: instant().notNull(),
    mediaCapabilityMissing: boolean().notNull().default(false),
    /** Until when each kind of call is throttled, as ISO instants by window. */
    rateLimits: jsonb().$type<Partial<Record<RateWindow, string>>>().notNull().default({}),
    connectedAt: instant().notNull(),
    deletedAt: instant(),
    createdBy: jsonb().notNull(),
  },
  (table) => [
    unique().on(table.workspaceId, table.id),
    uniqueIndex('connected_accounts_one_live')
      .on(table.workspaceId, table.platform, table.remoteId)
      .where(sql`deleted_at is null`),
    index().on(table.workspaceId, table.name),
    check('connected_accounts_status', among(table.status, ACCOUNT_STATUSES)),
  ],
);

/** One publish, or one renewal of the grant, per account at a time. `fence` rises with every holder and never falls. */
export const leases = pgTable('leases', {
  accountId: uuid()
    .primaryKey()
    .references(() => connectedAccounts.id),
  /** The schedule or the renewal that holds the account; empty when nobody does. */
  holder: text().notNull(),
  fence: integer().notNull(),
  /** By the database's clock, so that holders need not agree on the time. */
  expiresAt: instant().notNull(),
  /** True while publishes may stand in the account's queue. */
  waiting: boolean().notNull().default(false),
  /** The schedule whose turn it is once the account is free; empty: one of the queue, who is about to be called. Null: nobody's. */
  turn: text(),
  /** Who has not come by then is not waited for. */
  turnUntil: instant(),
});
