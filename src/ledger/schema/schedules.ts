// Schedules and what became of them: attempts, intents, posts, remote ids, approvals and messages.
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigserial,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Cause, CauseCode } from '../../domain/causes/causes.ts';
import type { BlockedReason } from '../../domain/gate/gate.ts';
import type { StoredHandoff } from '../../domain/handoff/completion.ts';
import type { MessageVerdict } from '../../domain/messages/messages.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { CallAnswer, SentCall } from '../../domain/schedules/create-record.ts';
import type { Content, Delivery } from '../../domain/schedules/post.ts';
import {
  ATTEMPT_OUTCOMES,
  type AttemptOutcome,
  INTENT_STATES,
  type IntentState,
  SCHEDULE_STATES,
  type ScheduleState,
} from '../../domain/schedules/states.ts';
import { GROUP_NAMES } from '../../domain/schedules/surface.ts';
import type { VersionChange } from '../../domain/schedules/version-changes.ts';
import { connectedAccounts, workspaces } from './accounts.ts';
import {
  among,
  CAUSE_CODE,
  CREATOR_ID,
  HANDOFF_TO_CHECK,
  IS_FAILURE,
  inGroup,
  instant,
  LAST_USER_ID,
  NAMED_OWNER_ID,
  NAMES_STORED_MEDIA,
  OPEN_INTENT,
  WAITS_FOR_PERSON,
} from './columns.ts';

const SOUGHT = [
  'state',
  'failedAt',
  'platform',
  'accountId',
  'causeCode',
  'namedOwnerId',
  'lastUserId',
  'creatorId',
] as const;
type Sought = (typeof SOUGHT)[number];

export const schedules = pgTable(
  'schedules',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** The workspace's own: another one may have the same. */
    id: text().notNull(),
    /** The id of its workflow in Temporal. Those taken in by version 0.1 have an id without a workspace. */
    workflowId: text().notNull(),
    accountId: uuid().notNull(),
    platform: text().notNull(),
    content: jsonb().$type<Content>().notNull(),
    delivery: jsonb().$type<Delivery>().notNull(),
    /** SHA-256, hex, over content and delivery settings. */
    fingerprint: text().notNull(),
    /** The fingerprint of the request as it was given, whatever was read of its media or rescheduled since: sent again it is the same schedule. */
    takenInAs: text(),
    /** When it is due: the wanted instant, or the instant it was taken in. */
    publishAt: instant().notNull(),
    state: text().$type<ScheduleState>().notNull(),
    traceId: uuid().notNull(),
    cause: jsonb().$type<Cause>(),
    blockedReason: text().$type<BlockedReason>(),
    failedAt: instant(),
    /** When something happens by itself next; null while a person is waited for, and at the end. */
    wakeAt: instant(),
    attemptsMade: integer().notNull().default(0),
    /** Tries in a row that made nothing live: the call did not leave, or the post proved absent. */
    unsentTries: integer().notNull().default(0),
    creator: jsonb().$type<Actor>().notNull(),
    lastActor: jsonb().$type<Actor>().notNull(),
    recoveryOwner: jsonb().$type<Actor>(),
    handoff: jsonb().$type<StoredHandoff>(),
    /** Null until a workflow was started for it; the sweep starts what was left behind. */
    workflowStartedAt: instant(),
    /** The row was changed from outside its run, which has not been told yet. */
    runToTell: boolean().notNull().default(false),
    /** The last moment at which it may still go out; as in the delivery. Null: there is none. */
    publishBefore: instant(),
    /** Posts that belong together, by a name that the workspace gives them; as in the delivery. */
    deliverySetId: text(),
    /** The code of its cause, or the one that says what stopped it at the gate. */
    causeCode: text().$type<CauseCode>().generatedAlwaysAs(CAUSE_CODE),
    /** What its owner is found by, of those who could be it; which of them are people of the workspace changes. */
    namedOwnerId: text().generatedAlwaysAs(NAMED_OWNER_ID),
    lastUserId: text().generatedAlwaysAs(LAST_USER_ID),
    creatorId: text().generatedAlwaysAs(CREATOR_ID),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.workspaceId, table.accountId],
      foreignColumns: [connectedAccounts.workspaceId, connectedAccounts.id],
    }),
    check('schedules_state', among(table.state, Object.keys(SCHEDULE_STATES))),
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('schedules_workflow').on(table.workflowId),
    unique('schedules_account').on(table.workspaceId, table.id, table.accountId),
    index().on(table.workspaceId, table.publishAt, table.id),
    ...GROUP_NAMES.flatMap((group) => [
      index(`schedules_${group}_by_failure`)
        .on(table.workspaceId, sql`coalesce(failed_at, publish_at)`, table.id, table.publishAt, ...soughtBy(table))
        .where(inGroup(group)),
      index(`schedules_${group}_by_due`)
        .on(table.workspaceId, table.publishAt, table.id, ...soughtBy(table))
        .where(inGroup(group)),
    ]),
    // Only among rows that no publish of a good night becomes: such an index takes its time to write.
    index('schedules_words')
      .using('gin', sql`(content ->> 'text') gin_trgm_ops`, sql`id gin_trgm_ops`)
      .where(WAITS_FOR_PERSON),
    index('schedules_incidents')
      .on(table.workspaceId, table.accountId, table.causeCode, table.failedAt, table.publishAt)
      .where(IS_FAILURE),
    index('schedules_to_tell').on(table.workflowId).where(sql`run_to_tell`),
    index('schedules_to_check').on(table.workflowId).where(HANDOFF_TO_CHECK),
    index('schedules_delivery_set').on(table.workspaceId, table.deliverySetId).where(sql`delivery_set_id is not null`),
    // Asked of by the sweep of stored media; posts that name none of it stand in no index of it.
    index('schedules_stored_media').using('gin', sql`(content -> 'media') jsonb_path_ops`).where(NAMES_STORED_MEDIA),
    index('schedules_wake').on(table.wakeAt).where(sql`wake_at is not null`),
  ],
);

/**
 * What the recovery surface is filtered and counted by. It stands at the end of the indexes that give its orders, so that rows
 * are read for one page only, however many there are.
 */
function soughtBy(table: Record<Sought, AnyPgColumn>) {
  return SOUGHT.map((name) => table[name]);
}

interface Owned {
  readonly workspaceId: AnyPgColumn;
  readonly scheduleId: AnyPgColumn;
}

/** Every row below belongs to one schedule, by both parts of its key. */
export function ofSchedule(table: Owned, name: string) {
  return foreignKey({
    name,
    columns: [table.workspaceId, table.scheduleId],
    foreignColumns: [schedules.workspaceId, schedules.id],
  });
}

/** The same, and to the account that the schedule is meant for. */
function ofScheduleOnAccount(table: Owned & { readonly accountId: AnyPgColumn }, name: string) {
  return foreignKey({
    name,
    columns: [table.workspaceId, table.scheduleId, table.accountId],
    foreignColumns: [schedules.workspaceId, schedules.id, schedules.accountId],
  });
}

export const attempts = pgTable(
  'attempts',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    number: integer().notNull(),
    fence: integer().notNull(),
    worker: text().notNull(),
    startedAt: instant().notNull(),
    endedAt: instant(),
    outcome: text().$type<AttemptOutcome>(),
    cause: jsonb().$type<Cause>(),
  },
  (table) => [
    ofSchedule(table, 'attempts_schedule'),
    unique('attempts_number').on(table.workspaceId, table.scheduleId, table.number),
    uniqueIndex('attempts_one_running').on(table.workspaceId, table.scheduleId).where(sql`ended_at is null`),
    check('attempts_outcome', sql`outcome is null or ${among(table.outcome, ATTEMPT_OUTCOMES)}`),
    check('attempts_ended', sql`(ended_at is null) = (outcome is null)`),
  ],
);

export const intents = pgTable(
  'intents',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    accountId: uuid().notNull(),
    fingerprint: text().notNull(),
    attemptNumber: integer().notNull(),
    fence: integer().notNull(),
    state: text().$type<IntentState>().notNull(),
    sentAt: instant().notNull(),
    sendDeadline: instant().notNull(),
    markers: jsonb().$type<Record<string, unknown>>().notNull(),
    /** What was let go. Null: an earlier version kept none, or it was lost with the ledger's newest commits. */
    sentCall: jsonb().$type<SentCall>(),
    /** What came back. Null while nothing has, and where nobody lived to save it. */
    answer: jsonb().$type<CallAnswer>(),
    /** The failure to record should the post prove absent; null: the publish goes on. */
    ifAbsent: jsonb().$type<Cause>(),
    /** The platform answered that an equal post is live: after an earlier create this contradicts "absent". */
    duplicate: boolean().notNull().default(false),
    /** Looks past the horizon that did not find it. */
    misses: integer().notNull().default(0),
    lastMissAt: instant(),
    /** Since when looks have failed without a break; null while they can be read. */
    unreadableSince: instant(),
    closedAt: instant(),
  },
  (table) => [
    ofSchedule(table, 'intents_schedule'),
    // Not the schedule's own: a post may be given another account after a create was refused on this one.
    foreignKey({
      name: 'intents_account',
      columns: [table.workspaceId, table.accountId],
      foreignColumns: [connectedAccounts.workspaceId, connectedAccounts.id],
    }),
    // Law 2 and 4: one call per attempt, and no second call while one may have left.
    unique('intents_attempt').on(table.workspaceId, table.scheduleId, table.attemptNumber),
    uniqueIndex('intents_one_open').on(table.workspaceId, table.scheduleId).where(OPEN_INTENT),
    check('intents_state', among(table.state, INTENT_STATES)),
  ],
);

export const POST_EVIDENCE = ['answered', 'reconciled', 'resolved_by_person'] as const;

export const posts = pgTable(
  'posts',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    accountId: uuid().notNull(),
    fingerprint: text().notNull(),
    platformPostId: text().notNull(),
    url: text(),
    publishedAt: instant().notNull(),
    evidence: text({ enum: POST_EVIDENCE }).notNull(),
  },
  (table) => [
    ofScheduleOnAccount(table, 'posts_schedule'),
    // Law 1, and its twin: no platform post is claimed by two schedules.
    unique('posts_one_per_fingerprint').on(table.workspaceId, table.scheduleId, table.accountId, table.fingerprint),
    unique('posts_claimed_once').on(table.accountId, table.platformPostId),
    index('posts_newest_of_account').on(table.accountId, table.publishedAt),
    index('posts_newest_of_workspace').on(table.workspaceId, table.publishedAt),
    check('posts_evidence', among(table.evidence, POST_EVIDENCE)),
  ],
);

/** Versions of a post that were replaced, as they were; the present one stands in its schedule. */
export const scheduleVersions = pgTable(
  'schedule_versions',
  {
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    fingerprint: text().notNull(),
    accountId: uuid().notNull(),
    content: jsonb().$type<Content>().notNull(),
    delivery: jsonb().$type<Delivery>().notNull(),
    /** What the version after it changed. */
    changed: text().array().$type<VersionChange[]>().notNull(),
    replacedAt: instant().notNull(),
    replacedBy: jsonb().$type<Actor>().notNull(),
  },
  (table) => [
    ofSchedule(table, 'schedule_versions_schedule'),
    index().on(table.workspaceId, table.scheduleId, table.replacedAt),
    index('schedule_versions_stored_media')
      .using('gin', sql`(content -> 'media') jsonb_path_ops`)
      .where(NAMES_STORED_MEDIA),
  ],
);

/** Ids of invisible remote things (uploads, containers), saved as soon as they are known. */
export const remoteObjects = pgTable(
  'remote_objects',
  {
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    key: text().notNull(),
    value: jsonb().notNull(),
    /** Of the attempt that saved it: a zombie's word does not replace a later one's. */
    fence: integer().notNull().default(0),
  },
  (table) => [
    ofSchedule(table, 'remote_objects_schedule'),
    primaryKey({ columns: [table.workspaceId, table.scheduleId, table.key] }),
  ],
);

/** Decisions on one version of a post; the newest for the present fingerprint counts. */
export const approvals = pgTable(
  'approvals',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    fingerprint: text().notNull(),
    verdict: text({ enum: ['approved', 'rejected'] }).notNull(),
    decidedBy: jsonb().$type<Actor>().notNull(),
    decidedAt: instant().notNull(),
    /** What the decider wrote beside it. */
    note: text(),
    /** The review link it came through; null: somebody of the workspace decided. */
    reviewLinkId: uuid(),
  },
  (table) => [
    ofSchedule(table, 'approvals_schedule'),
    index().on(table.workspaceId, table.scheduleId, table.fingerprint, table.decidedAt),
  ],
);

/** Every message an operator or program sent to a publish, with the verdict it got. */
export const messages = pgTable(
  'messages',
  {
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    /** Unique per message, so that handling one twice gives the same verdict. */
    messageId: text().notNull(),
    name: text().notNull(),
    body: jsonb().notNull(),
    verdict: jsonb().$type<MessageVerdict>().notNull(),
    receivedAt: instant().notNull(),
  },
  (table) => [
    ofSchedule(table, 'messages_schedule'),
    primaryKey({ columns: [table.workspaceId, table.scheduleId, table.messageId] }),
  ],
);

/** Publishes that wait for an account that another one holds; each waits for its own. */
export const accountWaiters = pgTable(
  'account_waiters',
  {
    workspaceId: uuid().notNull(),
    scheduleId: text().notNull(),
    accountId: uuid().notNull(),
    /** Among those of one account, the first due is called first, then the first that came. */
    dueAt: instant().notNull(),
    ticket: bigserial({ mode: 'number' }).notNull(),
    since: instant().notNull(),
    /** When it asks by itself, should nobody call it. */
    asksAt: instant().notNull(),
    /** When it was called and did not come since. */
    calledAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.scheduleId] }),
    foreignKey({
      name: 'account_waiters_schedule',
      columns: [table.workspaceId, table.scheduleId],
      foreignColumns: [schedules.workspaceId, schedules.id],
    }),
    index('account_waiters_order').on(table.accountId, table.dueAt, table.ticket),
  ],
);
