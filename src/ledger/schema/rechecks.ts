// Re-checks of published runs: what visitors got under their address, later.
import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/people/actor.ts';
import type { CheckRow } from '../../domain/pipeline/page/live-checks.ts';
import { type Look, type RecheckVerdict, VERDICT_NAMES } from '../../domain/pipeline/recheck.ts';
import { among, instant } from './columns.ts';
import { runs } from './pipelines.ts';

export const runRechecks = pgTable(
  'run_rechecks',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid().notNull(),
    runId: text().notNull(),
    /** The address that is asked. */
    address: text().notNull(),
    askedBy: jsonb().$type<Actor>().notNull(),
    askedAt: instant().notNull(),
    looks: jsonb().$type<Look[]>().notNull().default([]),
    /** Of the last look. */
    checks: jsonb().$type<CheckRow[]>().notNull().default([]),
    /** Null while it is under way. */
    verdict: text().$type<RecheckVerdict>(),
    says: text(),
    endedAt: instant(),
    /** It found something wrong, and nothing that was found since says otherwise. */
    stands: boolean().notNull().default(false),
    /** Who said that what it found is meant so. */
    acceptedBy: jsonb().$type<Actor>(),
    acceptedAt: instant(),
    acceptedNote: text(),
  },
  (table) => [
    foreignKey({
      name: 'run_rechecks_run',
      columns: [table.workspaceId, table.runId],
      foreignColumns: [runs.workspaceId, runs.id],
    }),
    index().on(table.workspaceId, table.runId, table.askedAt),
    uniqueIndex('run_rechecks_one_under_way').on(table.workspaceId, table.runId).where(sql`verdict is null`),
    uniqueIndex('run_rechecks_one_stands').on(table.workspaceId, table.runId).where(sql`stands`),
    check('run_rechecks_verdict', sql`verdict is null or ${among(table.verdict, VERDICT_NAMES)}`),
    check('run_rechecks_ended', sql`(verdict is null) = (ended_at is null) and (verdict is null) = (says is null)`),
    check('run_rechecks_accepted', sql`accepted_by is null or (not stands and verdict in ('changed', 'gone'))`),
    check('run_rechecks_stands', sql`not stands or verdict in ('changed', 'gone')`),
  ],
);
