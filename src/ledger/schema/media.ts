// The files of the media store: what each is, by the SHA-256 of its bytes. The bytes lie in a folder or a bucket.
import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/people/actor.ts';
import { MEDIA_TYPES } from '../../domain/schedules/media-type.ts';
import type { StoredFacts } from '../../domain/schedules/stored-media.ts';
import { workspaces } from './accounts.ts';
import { among, instant } from './columns.ts';

export const storedMedia = pgTable(
  'stored_media',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** In lower-case hex. */
    sha256: text().notNull(),
    mediaType: text({ enum: MEDIA_TYPES }).notNull(),
    sizeBytes: bigint({ mode: 'number' }).notNull(),
    /** What was read from the file when it came. */
    facts: jsonb().$type<StoredFacts>().notNull(),
    createdAt: instant().notNull(),
    createdBy: jsonb().$type<Actor>().notNull(),
    /** When it was last uploaded or named by a post; what nobody names is dropped a while after. */
    lastNamedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.sha256] }),
    index().on(table.sha256),
    index().on(table.lastNamedAt),
    check('stored_media_type', among(table.mediaType, MEDIA_TYPES)),
    check('stored_media_sha256', sql`sha256 ~ '^[0-9a-f]{64}$'`),
  ],
);
