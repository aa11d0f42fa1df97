// The file's keys under the names the code uses, with the unit in the name.
import type { SettingsFile } from './schema.ts';
import type { Settings } from './settings.ts';
import { toMcpServers } from './to-mcp-servers.ts';
import { toNotifications } from './to-notifications.ts';
import { toPipeline } from './to-pipelines.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_UPLOAD_MAX_BYTES = 512 * 1024 ** 2;
const DEFAULT_UNUSED_AFTER_MS = 24 * HOUR_MS;
const DEFAULT_LATE_AFTER_MS = 24 * HOUR_MS;
const DEFAULT_IDLE_MS = 12 * HOUR_MS;
const DEFAULT_ABSOLUTE_MS = 14 * 24 * HOUR_MS;
const DEFAULT_REJECTS_ALARM = 3;
const DEFAULT_REJECTS_PER_MINUTE = 60;
const DEFAULT_RULE_PER_MINUTE = 60;
const DEFAULT_SIGN_INS = 30;
const DEFAULT_HANDED_FILES_BYTES = 32 * 1024 * 1024;
const DEFAULT_STAGES = 8;

export function toSettings(file: SettingsFile): Settings {
  const {
    namespace,
    task_queues,
    timeouts,
    timers,
    reconcile,
    media,
    approvals,
    tonight,
    sessions,
    sweep,
    notifications,
    pipelines = {},
    mcp_servers,
    operations = {},
    limits,
  } = file;
  const { max_publishes_per_second } = task_queues.publish;
  return {
    version: file.version,
    namespace: { name: namespace.name, retentionMs: namespace.retention },
    searchAttributes: file.search_attributes,
    taskQueues: {
      publish: {
        name: task_queues.publish.name,
        maxConcurrentPublishes: task_queues.publish.max_concurrent_publishes,
        ...(max_publishes_per_second === undefined ? {} : { maxPublishesPerSecond: max_publishes_per_second }),
      },
      media: {
        fromBytes: task_queues.media.from_bytes,
        maxConcurrentPublishes: task_queues.media.max_concurrent_publishes,
      },
      stages: { maxConcurrentStages: task_queues.stages?.max_concurrent_stages ?? DEFAULT_STAGES },
    },
    timeouts: {
      attemptMs: timeouts.attempt,
      heartbeatMs: timeouts.heartbeat,
      leaseMs: timeouts.lease,
      sendWindowMs: timeouts.send_window,
      answerMs: timeouts.answer,
      mediaProcessingMs: timeouts.media_processing,
      busyAccountMs: timeouts.busy_account,
      accountWaitMs: timeouts.account_wait,
    },
    timers: {
      retryMinMs: timers.retry_min,
      retryMaxMs: timers.retry_max,
      retryJitterMs: timers.retry_jitter,
      unreachableFirstMs: timers.unreachable_first,
      unreachableMaxMs: timers.unreachable_max,
      unreachableTries: timers.unreachable_tries,
    },
    reconcile: {
      visibilityHorizonMs: reconcile.visibility_horizon,
      firstLookMs: reconcile.first_look,
      spacingMs: reconcile.spacing,
      readRetryMs: reconcile.read_retry,
      giveUpAfterMs: reconcile.give_up_after,
    },
    media: {
      stripMetadata: media?.strip_metadata ?? true,
      uploadMaxBytes: media?.upload_max ?? DEFAULT_UPLOAD_MAX_BYTES,
      unusedAfterMs: media?.unused_after ?? DEFAULT_UNUSED_AFTER_MS,
    },
    approvals: { lateAfterMs: approvals?.late_after ?? DEFAULT_LATE_AFTER_MS },
    tonight: { everyMs: tonight?.every ?? HOUR_MS },
    sessions: { idleMs: sessions?.idle ?? DEFAULT_IDLE_MS, absoluteMs: sessions?.absolute ?? DEFAULT_ABSOLUTE_MS },
    sweep: { everyMs: sweep.every, graceMs: sweep.grace },
    notifications: toNotifications(notifications),
    pipelines: Object.fromEntries(Object.entries(pipelines).map(([name, one]) => [name, toPipeline(name, one)])),
    mcpServers: toMcpServers(mcp_servers),
    operations: {
      rejectsAlarm: operations.rejects_alarm ?? DEFAULT_REJECTS_ALARM,
      rejectsPerMinute: operations.rejects_per_minute ?? DEFAULT_REJECTS_PER_MINUTE,
      rulePerMinute: operations.rule_per_minute ?? DEFAULT_RULE_PER_MINUTE,
    },
    limits: {
      replayPerUserPerMinute: limits.replay_per_user_per_minute,
      replayPerAddressPerMinute: limits.replay_per_address_per_minute,
      signInPerAddressPerMinute: limits.sign_in_per_address_per_minute ?? DEFAULT_SIGN_INS,
      requestBodyBytes: limits.request_body,
      handedFilesBytes: limits.handed_files ?? DEFAULT_HANDED_FILES_BYTES,
    },
  };
}
