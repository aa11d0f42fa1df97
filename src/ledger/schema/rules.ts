// Rules, when each fired, and what follows from an event.
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { EVENT_ACTION_STATES } from '../../domain/events/routing.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Rule, RuleAction } from '../../domain/rules/rule.ts';
import { workspaces } from './accounts.ts';
import { among, instant } from './columns.ts';

export const rules = pgTable(
  'rules',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    name: text().notNull(),
    definition: jsonb().$type<Rule>().notNull(),
    enabled: boolean().notNull(),
    hits: integer().notNull(),
    suppressed: integer().notNull(),
    lastFiredAt: instant(),
    madeBy: jsonb().$type<Actor>().notNull(),
    madeAt: instant().notNull(),
    changedAt: instant().notNull(),
  },
  (table) => [uniqueIndex('rules_name').on(table.workspaceId, table.name)],
);

/** Kept for as long as a rule may ask: the longest window of `dedupe`. */
export const ruleFires = pgTable(
  'rule_fires',
  {
    ruleId: uuid()
      .notNull()
      .references(() => rules.id, { onDelete: 'cascade' }),
    eventId: uuid().notNull(),
    at: instant().notNull(),
    /** SHA-256 of the values at the paths of `dedupe`; null: the rule compares none. */
    alike: text(),
  },
  (table) => [
    primaryKey({ columns: [table.ruleId, table.eventId] }),
    index().on(table.ruleId, table.at),
    index().on(table.ruleId, table.alike, table.at),
    index('rule_fires_old').on(table.at),
  ],
);

/** What a rule wants done for an event, once each: on record with the decision, before anything is done. */
export const eventActions = pgTable(
  'event_actions',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    eventId: uuid().notNull(),
    /** Its place among those of the event. */
    number: integer().notNull(),
    ruleId: uuid().notNull(),
    action: jsonb().$type<RuleAction>().notNull(),
    state: text({ enum: EVENT_ACTION_STATES }).notNull(),
    /** What came of it: an id, or why it could not be done. */
    result: text(),
    decidedAt: instant().notNull(),
    endedAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.eventId, table.number] }),
    index('event_actions_to_do').on(table.decidedAt).where(sql`state = 'pending'`),
    check('event_actions_state', among(table.state, EVENT_ACTION_STATES)),
    check('event_actions_ended', sql`(state = 'pending') = (ended_at is null)`),
  ],
);
