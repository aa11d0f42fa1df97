// Platform apps, and the sign-ins at platforms that are under way.
import { check, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/people/actor.ts';
import { connectedAccounts, workspaces } from './accounts.ts';
import { among, bytes, instant } from './columns.ts';

/** The client by which a workspace asks people on a platform for their grants. */
export const platformApps = pgTable(
  'platform_apps',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    platform: text().notNull(),
    clientId: text().notNull(),
    /** Sealed, the app's place as associated data. Null: a public client. */
    sealedSecret: bytes(),
    /** Null: the platform's public address. */
    apiBase: text(),
    setAt: instant().notNull(),
    setBy: jsonb().$type<Actor>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.platform] })],
);

/** `asked`: the person is at the platform; `choosing`: it has answered, and the person chooses what is meant. */
export const FLOW_STAGES = ['asked', 'choosing'] as const;

/**
 * One person's way through connecting an account. It is found by the SHA-256 of its ticket (the `state` of OAuth), by the
 * session that began it alone, and is taken once.
 */
export const connectionFlows = pgTable(
  'connection_flows',
  {
    hash: bytes().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** SHA-256 of the session's id, as the session itself is found. */
    sessionHash: bytes().notNull(),
    platform: text().notNull(),
    stage: text({ enum: FLOW_STAGES }).notNull(),
    /** The account to reconnect; null: a new one. */
    accountId: uuid().references(() => connectedAccounts.id),
    /** How a new account is to be called; null: as the platform calls it. */
    name: text(),
    redirectUri: text().notNull(),
    /** Sealed: the code verifier while the person is asked, the grant while they choose. */
    sealed: bytes().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
  },
  (table) => [index().on(table.expiresAt), check('connection_flows_stage', among(table.stage, FLOW_STAGES))],
);
