// People: who they are, which workspaces they belong to, how they were invited, and where they are signed in.
import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, primaryKey, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/people/actor.ts';
import { ROLES } from '../../domain/people/roles.ts';
import { workspaces } from './accounts.ts';
import { among, bytes, instant } from './columns.ts';

/** A person, over all workspaces. `issuer` and `subject` are the provider's, once the person has signed in with it. */
export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    /** In lower case. Null: the person of a laptop, who signs in by a link that was printed there. */
    email: text().unique(),
    issuer: text(),
    subject: text(),
    createdAt: instant().notNull(),
  },
  (table) => [
    unique('users_identity').on(table.issuer, table.subject),
    check('users_identity_whole', sql`(issuer is null) = (subject is null)`),
  ],
);

export const memberships = pgTable(
  'memberships',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    role: text({ enum: ROLES }).notNull(),
    createdAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.userId] }),
    index().on(table.userId),
    check('memberships_role', among(table.role, ROLES)),
  ],
);

/** Binds the first sign-in with this verified email to a membership. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** In lower case. */
    email: text().notNull(),
    role: text({ enum: ROLES }).notNull(),
    invitedBy: jsonb().$type<Actor>().notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    acceptedAt: instant(),
    revokedAt: instant(),
  },
  (table) => [
    uniqueIndex('invitations_one_open')
      .on(table.workspaceId, table.email)
      .where(sql`accepted_at is null and revoked_at is null`),
    check('invitations_role', among(table.role, ROLES)),
  ],
);

/** One browser of one person. The cookie holds a random id; here stands its SHA-256. */
export const sessions = pgTable(
  'sessions',
  {
    hash: bytes().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    /** The workspace the person looks at. */
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    createdAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
    expiresAt: instant().notNull(),
  },
  (table) => [index().on(table.userId), index().on(table.expiresAt)],
);

/** A link that signs one person in, once; only its SHA-256 is stored. */
export const signInLinks = pgTable('sign_in_links', {
  hash: bytes().primaryKey(),
  userId: uuid()
    .notNull()
    .references(() => users.id),
  workspaceId: uuid()
    .notNull()
    .references(() => workspaces.id),
  createdAt: instant().notNull(),
  expiresAt: instant().notNull(),
});
