// The keys of temporal.yaml as they are written there, each with the values it can have. The text given as a key's
// error is what the refusal says is allowed.
import { z } from 'zod';
import { duration } from './duration.ts';
import { mcpServersSection } from './mcp-schema.ts';
import { notificationsSection } from './notifications-schema.ts';
import { pipelinesSection } from './pipelines-schema.ts';
import { section } from './section.ts';
import { searchAttributeTypes } from './settings.ts';

const aYear = '365d';

function wholeNumber(least: number, most: number) {
  const allowed = `a whole number from ${least} to ${most}`;
  return z.int({ error: allowed }).min(least, allowed).max(most, allowed);
}

function name(allowed: string, pattern: RegExp) {
  return z.string({ error: allowed }).regex(pattern, allowed);
}

const horizon = duration('1ms', '30d');

export const settingsFileSchema = section({
  version: z.literal(1, { error: 'the number 1' }),
  namespace: section({
    name: name('1 to 255 letters, digits, dots, dashes or underscores', /^[A-Za-z0-9][\w.-]{0,254}$/),
    retention: duration('1d', '3650d'),
  }),
  search_attributes: z.record(
    name(
      'a name of up to 64 letters, digits and underscores that begins with a letter and not with "Temporal"',
      /^(?!Temporal)[A-Za-z]\w{0,63}$/,
    ),
    z.enum(searchAttributeTypes, { error: `one of ${searchAttributeTypes.join(', ')}` }),
    { error: 'a list of names, each with its type' },
  ),
  task_queues: section({
    publish: section({
      name: name('1 to 255 letters, digits, dots, dashes or underscores', /^[A-Za-z0-9][\w.-]{0,254}$/),
      max_concurrent_publishes: wholeNumber(1, 1000),
      max_publishes_per_second: wholeNumber(1, 100_000).optional(),
    }),
    media: section({
      from_bytes: wholeNumber(1, 16 * 1024 ** 3),
      max_concurrent_publishes: wholeNumber(1, 1000),
    }),
    stages: section({
      max_concurrent_stages: wholeNumber(1, 1000),
    }).optional(),
  }),
  timeouts: section({
    attempt: duration('1s', '24h'),
    heartbeat: duration('100ms', '10m'),
    lease: duration('100ms', '1h'),
    send_window: duration('100ms', '10m'),
    answer: duration('100ms', '10m'),
    media_processing: duration('100ms', '24h'),
    busy_account: duration('1ms', '10m'),
    account_wait: duration('100ms', '24h'),
  }),
  timers: section({
    retry_min: duration('1ms', aYear),
    retry_max: duration('1ms', aYear),
    retry_jitter: duration('0ms', '1h'),
    unreachable_first: duration('1ms', '24h'),
    unreachable_max: duration('1ms', aYear),
    unreachable_tries: wholeNumber(1, 1000),
  }),
  reconcile: section({
    visibility_horizon: z
      .object({ default: horizon }, { error: 'a list with the key default and one key for each platform' })
      .catchall(horizon),
    first_look: duration('1ms', '1h'),
    spacing: duration('1ms', '24h'),
    read_retry: duration('1ms', '24h'),
    give_up_after: duration('1ms', aYear),
  }),
  media: section({
    strip_metadata: z.boolean({ error: 'true or false' }),
    upload_max: wholeNumber(1024, 16 * 1024 ** 3).optional(),
    unused_after: duration('1h', aYear).optional(),
  }).optional(),
  approvals: section({
    late_after: duration('0ms', aYear),
  }).optional(),
  tonight: section({
    every: duration('1m', '24h'),
  }).optional(),
  sessions: section({
    idle: duration('1m', aYear),
    absolute: duration('1m', aYear),
  }).optional(),
  sweep: section({
    every: duration('100ms', '24h'),
    grace: duration('1ms', '24h'),
  }),
  notifications: notificationsSection.optional(),
  pipelines: pipelinesSection.optional(),
  mcp_servers: mcpServersSection.optional(),
  operations: section({
    rejects_alarm: wholeNumber(1, 1000).optional(),
    rejects_per_minute: wholeNumber(1, 100_000).optional(),
    rule_per_minute: wholeNumber(1, 100_000).optional(),
  }).optional(),
  limits: section({
    replay_per_user_per_minute: wholeNumber(1, 100_000),
    replay_per_address_per_minute: wholeNumber(1, 100_000),
    sign_in_per_address_per_minute: wholeNumber(1, 100_000).optional(),
    request_body: wholeNumber(1024, 64 * 1024 * 1024),
    handed_files: wholeNumber(1024, 256 * 1024 * 1024).optional(),
  }),
});

/** A file whose every key is right by itself; durations are milliseconds already. */
export type SettingsFile = z.output<typeof settingsFileSchema>;
