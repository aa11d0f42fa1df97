// The shape of temporal.yaml once it has been checked: policy, no secrets. Every duration is in milliseconds and every
// size in bytes, and the name says so.

import type { McpServerPolicy } from '../../domain/mcp/server.ts';
import type { WorkspaceNotifications } from '../../domain/notifications/channel.ts';
import type { ReminderPace } from '../../domain/notifications/waiting-run.ts';
import type { PipelineContract } from '../../domain/pipeline/contract.ts';

/** The types Temporal can index a search attribute as. */
export const searchAttributeTypes = ['Keyword', 'Text', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'] as const;
export type SearchAttributeType = (typeof searchAttributeTypes)[number];

/** Every setting of temporal.yaml, camel-cased, checked one by one and against each other. */
export interface Settings {
  readonly version: 1;
  readonly namespace: {
    readonly name: string;
    /** How long Temporal keeps a closed workflow. */
    readonly retentionMs: number;
  };
  readonly searchAttributes: Readonly<Record<string, SearchAttributeType>>;
  readonly taskQueues: {
    readonly publish: {
      readonly name: string;
      /** Publishes one worker process runs at a time. */
      readonly maxConcurrentPublishes: number;
      /** Publishes the whole queue starts per second, over all workers; absent for no limit. */
      readonly maxPublishesPerSecond?: number;
    };
    /** Of publishes whose media are large, which have a queue and slots of their own. */
    readonly media: {
      /** A post's media count as large from so much on, all of them together. */
      readonly fromBytes: number;
      readonly maxConcurrentPublishes: number;
    };
    /** Of the stages of pipelines, which have a queue and slots of their own. */
    readonly stages: {
      /** Stages one worker process runs at a time. */
      readonly maxConcurrentStages: number;
    };
  };
  readonly timeouts: {
    /** One pass of the publish activity, media included. */
    readonly attemptMs: number;
    /** Silence after which a worker counts as dead. */
    readonly heartbeatMs: number;
    /** Life of an account's lease, renewed while a publish runs; at least `heartbeatMs`. */
    readonly leaseMs: number;
    /** From the committed intent to the last moment the create call may be written. */
    readonly sendWindowMs: number;
    /** How long the answer to any one call is awaited. */
    readonly answerMs: number;
    /** How long a platform may take to make media ready. */
    readonly mediaProcessingMs: number;
    /** How long a publish stands by in its worker for an account that another publish of the same worker holds. */
    readonly busyAccountMs: number;
    /** After which a publish in an account's queue asks again by itself, should nobody call it. */
    readonly accountWaitMs: number;
  };
  readonly timers: {
    readonly retryMinMs: number;
    readonly retryMaxMs: number;
    readonly retryJitterMs: number;
    readonly unreachableFirstMs: number;
    readonly unreachableMaxMs: number;
    readonly unreachableTries: number;
  };
  readonly reconcile: {
    /** By platform: how long after the send deadline a post may stay hidden from the platform's own lists. */
    readonly visibilityHorizonMs: VisibilityHorizonMs;
    /** Wait before the first look after an answer that proves nothing. */
    readonly firstLookMs: number;
    /** Between the two looks that must both miss. */
    readonly spacingMs: number;
    /** Wait after a look that failed. */
    readonly readRetryMs: number;
    /** Looks that keep failing for this long leave the decision to a person. */
    readonly giveUpAfterMs: number;
  };
  readonly media: {
    /** Private metadata is taken out of pictures that we send; true where the file says nothing. */
    readonly stripMetadata: boolean;
    /** The largest file that is taken into the media store. */
    readonly uploadMaxBytes: number;
    /** A stored file that no post names is dropped so long after it was last named or uploaded. */
    readonly unusedAfterMs: number;
  };
  readonly approvals: {
    /** A publish that was blocked for want of an approval goes on by itself when its due time is no older than this. */
    readonly lateAfterMs: number;
  };
  readonly tonight: {
    /** How often what is due within a day is looked at, before it can fail. */
    readonly everyMs: number;
  };
  /** How long people stay signed in: without using a session, and in all. */
  readonly sessions: {
    readonly idleMs: number;
    readonly absoluteMs: number;
  };
  readonly sweep: {
    readonly everyMs: number;
    readonly graceMs: number;
  };
  /** Who is told of what happened, by the name of the workspace. */
  readonly notifications: {
    /** How often the audit trail is looked through. */
    readonly everyMs: number;
    /** Webhooks may lead into private networks. */
    readonly privateAddresses: boolean;
    /** A grant that ends within this is told of. */
    readonly grantEndsWithinMs: number;
    /** When people are reminded of a run that waits for them. */
    readonly runWaits: ReminderPace;
    readonly workspaces: Readonly<Record<string, WorkspaceNotifications>>;
  };
  /** The contracts that new runs are made by, by name. */
  readonly pipelines: Readonly<Record<string, PipelineContract>>;
  /** Servers of the Model Context Protocol, by name. */
  readonly mcpServers: Readonly<Record<string, McpServerPolicy>>;
  /** What an operator is told of, and when. */
  readonly operations: {
    /** So many payloads of one connector in a row that could not be taken in open an alarm. */
    readonly rejectsAlarm: number;
    /** More of one connector within a minute are not even recorded. */
    readonly rejectsPerMinute: number;
    /** A rule that fires more often within a minute is a storm, and is stopped. */
    readonly rulePerMinute: number;
  };
  readonly limits: {
    readonly replayPerUserPerMinute: number;
    readonly replayPerAddressPerMinute: number;
    /** Tries to sign in. */
    readonly signInPerAddressPerMinute: number;
    readonly requestBodyBytes: number;
    /** Of a request that hands files to a run. */
    readonly handedFilesBytes: number;
  };
}

export type VisibilityHorizonMs = Readonly<Record<string, number>> & { readonly default: number };

/** The visibility horizon of one platform in milliseconds; a platform without a line of its own has the default. */
export function visibilityHorizonMsOf(settings: Settings, platform: string): number {
  const horizons = settings.reconcile.visibilityHorizonMs;
  return Object.hasOwn(horizons, platform) ? (horizons[platform] ?? horizons.default) : horizons.default;
}
