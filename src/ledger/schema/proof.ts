// Proof: the keys that exports are signed with, and the exports that were asked for.
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/people/actor.ts';
import { EXPORT_STATES } from '../../domain/proof/export-request.ts';
import { workspaces } from './accounts.ts';
import { among, bytes, instant } from './columns.ts';

/** Ed25519 keys. A retired one signs nothing any more; its public half stays, for bundles that it signed. */
export const proofKeys = pgTable(
  'proof_keys',
  {
    /** The key's JWK thumbprint (RFC 7638). */
    id: text().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** The `x` of its JWK. */
    publicKey: text().notNull(),
    sealedPrivateKey: bytes().notNull(),
    madeBy: jsonb().$type<Actor>().notNull(),
    madeAt: instant().notNull(),
    retiredAt: instant(),
  },
  (table) => [uniqueIndex('proof_keys_one_active').on(table.workspaceId).where(sql`retired_at is null`)],
);

/** Secrets of the HMAC, shared with whoever checks it. */
export const proofSecrets = pgTable(
  'proof_secrets',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    sealedSecret: bytes().notNull(),
    madeBy: jsonb().$type<Actor>().notNull(),
    madeAt: instant().notNull(),
    retiredAt: instant(),
  },
  (table) => [uniqueIndex('proof_secrets_one_active').on(table.workspaceId).where(sql`retired_at is null`)],
);

export const proofExports = pgTable(
  'proof_exports',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    rangeFrom: instant().notNull(),
    rangeTo: instant().notNull(),
    /** Empty: all of them. */
    platforms: text().array().notNull(),
    accounts: jsonb().$type<{ id: string; name: string }[]>().notNull(),
    requestedBy: jsonb().$type<Actor>().notNull(),
    requestedAt: instant().notNull(),
    state: text({ enum: EXPORT_STATES }).notNull(),
    records: integer().notNull().default(0),
    recordsInAll: integer(),
    finishedAt: instant(),
    sizeBytes: bigint({ mode: 'number' }),
    sha256: text(),
    problem: text(),
  },
  (table) => [
    index().on(table.workspaceId, table.requestedAt),
    check('proof_exports_state', among(table.state, EXPORT_STATES)),
  ],
);
