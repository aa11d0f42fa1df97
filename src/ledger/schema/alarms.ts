// Alarms, and what people said to them. At most one that has not ended stands for a kind and a subject.
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import {
  ALARM_KIND_NAMES,
  ALARM_SEVERITIES,
  ALARM_STATES,
  type AlarmKindName,
  type AlarmSeverity,
  type AlarmState,
} from '../../domain/alarms/alarm.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { workspaces } from './accounts.ts';
import { among, instant } from './columns.ts';

/** What somebody said when they acked or resolved it. */
export interface AlarmWord {
  readonly verdict: 'ack' | 'resolve';
  readonly note: string;
  readonly by: Actor;
  readonly at: string;
}

export const alarms = pgTable(
  'alarms',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    kind: text().$type<AlarmKindName>().notNull(),
    /** What it is about, by the name that people know it by. */
    subject: text().notNull(),
    severity: text().$type<AlarmSeverity>().notNull(),
    state: text().$type<AlarmState>().notNull(),
    /** What was seen last, in one sentence, without any secret. */
    says: text().notNull(),
    traceId: uuid().notNull(),
    count: integer().notNull(),
    firstAt: instant().notNull(),
    lastAt: instant().notNull(),
    /** What proved that its condition is over, in one sentence; null: it is not, or a person said so. */
    endedBy: text(),
    resolvedAt: instant(),
    words: jsonb().$type<readonly AlarmWord[]>().notNull(),
  },
  (table) => [
    uniqueIndex('alarms_one_standing').on(table.workspaceId, table.kind, table.subject).where(sql`state <> 'resolved'`),
    index().on(table.workspaceId, table.lastAt),
    check('alarms_kind', among(table.kind, ALARM_KIND_NAMES)),
    check('alarms_severity', among(table.severity, ALARM_SEVERITIES)),
    check('alarms_state', among(table.state, ALARM_STATES)),
    check('alarms_resolved', sql`(state = 'resolved') = (resolved_at is not null)`),
  ],
);
