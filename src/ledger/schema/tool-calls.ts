// Tool calls: effects of stages outside publishing, on record before they are asked for.
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { StageCause } from '../../domain/pipeline/stage-causes.ts';
import {
  TOOL_CALL_EVIDENCE,
  TOOL_CALL_STATES,
  type ToolCallEvidence,
  type ToolCallState,
} from '../../domain/tool-calls/tool-call.ts';
import { workspaces } from './accounts.ts';
import { among, instant } from './columns.ts';

/** An artifact that a call made; its bytes are kept beside those of the run. */
export interface CallResult {
  readonly name: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export const toolCalls = pgTable(
  'tool_calls',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** SHA-256 over task, step, action and the request without secrets; no attempt is in it. */
    key: text().notNull(),
    /** The run. */
    task: text().notNull(),
    /** The stage. */
    step: text().notNull(),
    action: text().notNull(),
    /** SHA-256 of the request as it is: another one under the same key is a mismatch. */
    requestHash: text().notNull(),
    state: text().$type<ToolCallState>().notNull(),
    /** Calls that were begun under it. */
    tries: integer().notNull(),
    traceId: uuid().notNull(),
    /** Of the newest try. */
    attemptedAt: instant().notNull(),
    /** After this the newest try could not leave any more. */
    leaveBy: instant().notNull(),
    settledAt: instant(),
    settledBy: text().$type<ToolCallEvidence>(),
    /** Why it failed, or why it is unknown. */
    cause: jsonb().$type<StageCause>(),
    /** What it made; null: nothing that is known. */
    result: jsonb().$type<readonly CallResult[]>(),
    /** The first of the looks in a row that counted and found nothing. */
    missedAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.key] }),
    check('tool_calls_key', sql`key ~ '^[0-9a-f]{64}$'`),
    check('tool_calls_state', among(table.state, TOOL_CALL_STATES)),
    check('tool_calls_settled_by', sql`settled_by is null or ${among(table.settledBy, TOOL_CALL_EVIDENCE)}`),
    check('tool_calls_settled', sql`(state in ('succeeded', 'failed')) = (settled_at is not null)`),
    check('tool_calls_result', sql`(state = 'succeeded') = (result is not null)`),
    index().on(table.workspaceId, table.task, table.attemptedAt),
  ],
);
