// Runs of pipelines: their stages, attempts, artifacts, decisions, checks and messages.
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Actor } from '../../domain/people/actor.ts';
import type { PipelineContract } from '../../domain/pipeline/contract.ts';
import type { Provenance } from '../../domain/pipeline/provenance.ts';
import type { RunVerdict } from '../../domain/pipeline/run-messages.ts';
import type { StageCause } from '../../domain/pipeline/stage-causes.ts';
import {
  RUN_STATES,
  type RunState,
  STAGE_OUTCOMES,
  STAGE_STATES,
  type StageOutcome,
  type StageState,
} from '../../domain/pipeline/states.ts';
import { workspaces } from './accounts.ts';
import { among, bytes, instant } from './columns.ts';

/** A contract as runs began with it, by the SHA-256 of its canonical form: equal contracts are one version. */
export const pipelineVersions = pgTable('pipeline_versions', {
  version: text().primaryKey(),
  contract: jsonb().$type<PipelineContract>().notNull(),
  firstUsedAt: instant().notNull(),
});

export const runs = pgTable(
  'runs',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** The workspace's own. */
    id: text().notNull(),
    /** The id of its workflow in Temporal. */
    workflowId: text().notNull().unique(),
    pipeline: text().notNull(),
    version: text()
      .notNull()
      .references(() => pipelineVersions.version),
    /** The fingerprint of the request: sent again it is the same run. */
    takenInAs: text().notNull(),
    slug: text().notNull(),
    zone: text().notNull(),
    title: text(),
    /** The page of the destination that a person took for its post, though its content is another. */
    adoptedPageId: text(),
    state: text().$type<RunState>().notNull(),
    /** Its present stage; the last one, when it has ended. */
    stageId: text().notNull(),
    /** The contract's word for how it ended. */
    terminal: text(),
    /** When it goes on by itself next; null: by a word from outside, or not at all. */
    wakeAt: instant(),
    traceId: uuid().notNull(),
    creator: jsonb().$type<Actor>().notNull(),
    lastActor: jsonb().$type<Actor>().notNull(),
    owner: jsonb().$type<Actor>(),
    /** Null until a workflow was started for it; the sweep starts what was left behind. */
    workflowStartedAt: instant(),
    /** The rows were changed from outside its workflow, which has not been told yet. */
    runToTell: boolean().notNull().default(false),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    endedAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    check('runs_state', among(table.state, RUN_STATES)),
    check('runs_ended', sql`(state = 'ended') = (terminal is not null)`),
    index().on(table.workspaceId, table.createdAt, table.id),
    index('runs_open').on(table.workspaceId, table.updatedAt).where(sql`state not in ('ended', 'canceled')`),
    index('runs_to_tell').on(table.workflowId).where(sql`run_to_tell`),
    index('runs_unstarted').on(table.createdAt).where(sql`workflow_started_at is null`),
  ],
);

interface OfRun {
  readonly workspaceId: AnyPgColumn;
  readonly runId: AnyPgColumn;
}

/** Every row below belongs to one run, by both parts of its key. */
function ofRun(table: OfRun, name: string) {
  return foreignKey({
    name,
    columns: [table.workspaceId, table.runId],
    foreignColumns: [runs.workspaceId, runs.id],
  });
}

export const runStages = pgTable(
  'run_stages',
  {
    workspaceId: uuid().notNull(),
    runId: text().notNull(),
    stageId: text().notNull(),
    /** From 1, in the order of the contract. */
    place: integer().notNull(),
    state: text().$type<StageState>().notNull(),
    attempts: integer().notNull().default(0),
    /** Attempts in a row that it made by itself since a person last asked for one. */
    triesInARow: integer().notNull().default(0),
    cause: jsonb().$type<StageCause>(),
    /** What it waits for, for whoever reads it. */
    says: text(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.runId, table.stageId] }),
    ofRun(table, 'run_stages_run'),
    check('run_stages_state', among(table.state, Object.keys(STAGE_STATES))),
  ],
);

export const stageAttempts = pgTable(
  'stage_attempts',
  {
    workspaceId: uuid().notNull(),
    runId: text().notNull(),
    stageId: text().notNull(),
    number: integer().notNull(),
    runner: text().notNull(),
    worker: text().notNull(),
    /** Raised each time somebody takes it up: who was overtaken saves nothing. */
    fence: integer().notNull().default(1),
    /** By the database's clock: who works on it lets it go by then, or says that it is alive. */
    heldUntil: instant().notNull(),
    startedAt: instant().notNull(),
    endedAt: instant(),
    outcome: text().$type<StageOutcome>(),
    cause: jsonb().$type<StageCause>(),
    /** What it found out on the way: the fingerprint that is to be approved, what was read of an answer. */
    evidence: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** The digests of what it was given, by name. */
    inputs: jsonb().$type<Record<string, string>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.runId, table.stageId, table.number] }),
    ofRun(table, 'stage_attempts_run'),
    uniqueIndex('stage_attempts_one_open').on(table.workspaceId, table.runId).where(sql`ended_at is null`),
    check('stage_attempts_outcome', sql`outcome is null or ${among(table.outcome, STAGE_OUTCOMES)}`),
    check('stage_attempts_ended', sql`(ended_at is null) = (outcome is null)`),
  ],
);

/** The bytes of artifacts, by what they are. Large ones lie in the media store. */
export const artifactBytes = pgTable(
  'artifact_bytes',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    sha256: text().notNull(),
    sizeBytes: bigint({ mode: 'number' }).notNull(),
    /** Null: they lie in the media store. */
    bytes: bytes(),
    storedAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.sha256] }),
    check('artifact_bytes_sha256', sql`sha256 ~ '^[0-9a-f]{64}$'`),
  ],
);

/** What a run was given and what its stages made: never changed, one row for each attempt that made it. */
export const runArtifacts = pgTable(
  'run_artifacts',
  {
    workspaceId: uuid().notNull(),
    runId: text().notNull(),
    name: text().notNull(),
    /** From 1, in the order in which they were made. The newest counts. */
    version: integer().notNull(),
    sha256: text().notNull(),
    mediaType: text().notNull(),
    sizeBytes: bigint({ mode: 'number' }).notNull(),
    provenance: jsonb().$type<Provenance>().notNull(),
    madeAt: instant().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.runId, table.name, table.version] }),
    ofRun(table, 'run_artifacts_run'),
    foreignKey({
      name: 'run_artifacts_bytes',
      columns: [table.workspaceId, table.sha256],
      foreignColumns: [artifactBytes.workspaceId, artifactBytes.sha256],
    }),
  ],
);

/** Decisions on one content of a run; the newest for the present fingerprint counts. */
export const runDecisions = pgTable(
  'run_decisions',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid().notNull(),
    runId: text().notNull(),
    stageId: text().notNull(),
    fingerprint: text().notNull(),
    verdict: text({ enum: ['approved', 'rejected'] }).notNull(),
    decidedBy: jsonb().$type<Actor>().notNull(),
    decidedAt: instant().notNull(),
    note: text(),
  },
  (table) => [
    ofRun(table, 'run_decisions_run'),
    index().on(table.workspaceId, table.runId, table.fingerprint, table.decidedAt),
  ],
);

/** Every message to a run, with the verdict it got. */
export const runMessages = pgTable(
  'run_messages',
  {
    workspaceId: uuid().notNull(),
    runId: text().notNull(),
    /** Unique per message, so that handling one twice gives the same verdict. */
    messageId: text().notNull(),
    name: text().notNull(),
    body: jsonb().notNull(),
    verdict: jsonb().$type<RunVerdict>().notNull(),
    actor: jsonb().$type<Actor>().notNull(),
    receivedAt: instant().notNull(),
  },
  (table) => [
    ofRun(table, 'run_messages_run'),
    primaryKey({ columns: [table.workspaceId, table.runId, table.messageId] }),
  ],
);
