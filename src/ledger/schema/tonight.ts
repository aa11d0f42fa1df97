// What was found about publishes that are due soon, so that a page can show it without looking again.
import { jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Finding } from '../../domain/tonight/finding.ts';
import { instant } from './columns.ts';
import { ofSchedule } from './schedules.ts';

export const tonightChecks = pgTable(
  'tonight_checks',
  {
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    /** The version that was looked at. */
    fingerprint: text().notNull(),
    checkedAt: instant().notNull(),
    findings: jsonb().$type<Finding[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.scheduleId] }),
    ofSchedule(table, 'tonight_checks_schedule'),
  ],
);
