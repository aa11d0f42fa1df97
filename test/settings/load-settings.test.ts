// temporal.yaml at start: the shipped file is taken whole, and a wrong one is refused with the line it stands on.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import { visibilityHorizonMsOf } from '../../src/runtime/settings/settings.ts';
import { SettingsRefused } from '../../src/runtime/settings/settings-refused.ts';

const shippedFile = join(import.meta.dirname, '../../temporal.yaml');
const shipped = readFileSync(shippedFile, 'utf8');
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncepost-settings-'));
  file = join(folder, 'temporal.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is said of a file with this content, with its name in place of its path; its line must be the marked one. */
function refusal(content: string | Uint8Array, platforms?: readonly string[]): string {
  writeFileSync(file, content);
  try {
    loadSettings(file, platforms);
  } catch (error) {
    if (error instanceof SettingsRefused) return error.message.replace(file, 'temporal.yaml');
    throw error;
  }
  return 'accepted';
}

/** The shipped file with one line (found by how it begins) replaced; `here` is the number of that line. */
function edited(lineBegin: string, replacement: string): { content: string; here: number } {
  const lines = shipped.split('\n');
  const index = lines.findIndex((line) => line.startsWith(lineBegin));
  expect(index, `no line begins with ${lineBegin}`).toBeGreaterThanOrEqual(0);
  lines[index] = replacement;
  return { content: lines.join('\n'), here: index + 1 };
}

test('a rate for the whole queue is taken where one is given', () => {
  writeFileSync(file, edited('    # max_publishes', '    max_publishes_per_second: 20').content);
  expect(loadSettings(file).taskQueues.publish).toMatchObject({ maxPublishesPerSecond: 20 });
});

describe('the shipped temporal.yaml', () => {
  test('is taken, with durations in milliseconds and sizes in bytes', () => {
    expect(loadSettings(shippedFile)).toEqual({
      version: 1,
      namespace: { name: 'default', retentionMs: 2_592_000_000 },
      searchAttributes: {
        PublishState: 'Keyword',
        PublishCause: 'Keyword',
        PublishPlatform: 'Keyword',
        PublishAccount: 'Keyword',
        PublishWorkspace: 'Keyword',
      },
      taskQueues: {
        publish: { name: 'oncepost-publish', maxConcurrentPublishes: 50 },
        media: { fromBytes: 20_971_520, maxConcurrentPublishes: 4 },
        stages: { maxConcurrentStages: 8 },
      },
      timeouts: {
        attemptMs: 3_600_000,
        heartbeatMs: 5_000,
        leaseMs: 15_000,
        sendWindowMs: 15_000,
        answerMs: 60_000,
        mediaProcessingMs: 600_000,
        busyAccountMs: 2_000,
        accountWaitMs: 300_000,
      },
      timers: {
        retryMinMs: 5_000,
        retryMaxMs: 86_400_000,
        retryJitterMs: 30_000,
        unreachableFirstMs: 15_000,
        unreachableMaxMs: 1_800_000,
        unreachableTries: 10,
      },
      reconcile: {
        visibilityHorizonMs: {
          default: 120_000,
          x: 120_000,
          instagram: 120_000,
          bluesky: 5_000,
          ghost: 5_000,
          wordpress: 15_000,
        },
        firstLookMs: 5_000,
        spacingMs: 30_000,
        readRetryMs: 60_000,
        // X refused its timelines for eight hours on 2025-09-10: no such outage leaves the decision to a person.
        giveUpAfterMs: 43_200_000,
      },
      media: { stripMetadata: true, uploadMaxBytes: 536_870_912, unusedAfterMs: 86_400_000 },
      approvals: { lateAfterMs: 86_400_000 },
      tonight: { everyMs: 3_600_000 },
      sessions: { idleMs: 43_200_000, absoluteMs: 1_209_600_000 },
      sweep: { everyMs: 60_000, graceMs: 120_000 },
      notifications: {
        everyMs: 15_000,
        grantEndsWithinMs: 604_800_000,
        runWaits: { afterMs: 86_400_000, everyMs: 86_400_000 },
        privateAddresses: false,
        workspaces: {},
      },
      pipelines: { article: expect.objectContaining({ name: 'article', destination: 'blog' }) },
      mcpServers: {},
      operations: { rejectsAlarm: 3, rejectsPerMinute: 60, rulePerMinute: 60 },
      limits: {
        replayPerUserPerMinute: 30,
        replayPerAddressPerMinute: 60,
        signInPerAddressPerMinute: 30,
        requestBodyBytes: 1_048_576,
        handedFilesBytes: 33_554_432,
      },
    });
  });

  test('gives a platform its own visibility horizon, and any other the default', () => {
    const settings = loadSettings(shippedFile);
    expect(visibilityHorizonMsOf(settings, 'bluesky')).toBe(5_000);
    expect(visibilityHorizonMsOf(settings, 'mastodon')).toBe(120_000);
    expect(visibilityHorizonMsOf(settings, 'toString')).toBe(120_000);
  });
});

describe('one wrong line is refused by its number, its key and what is allowed', () => {
  const duration = (shortest: string, longest: string) =>
    `a duration from ${shortest} to ${longest}, written as a whole number and a unit (ms, s, m, h or d).`;
  const sectionKeys = {
    file: 'version, namespace, search_attributes, task_queues, timeouts, timers, reconcile, media, approvals, tonight, sessions, sweep, notifications, pipelines, mcp_servers, operations, limits.',
    timeouts: 'attempt, heartbeat, lease, send_window, answer, media_processing, busy_account, account_wait.',
  };

  test.each([
    [
      'an unknown key',
      '  heartbeat:',
      '  heartbeet: 10s',
      `timeouts.heartbeet is not a setting; allowed: the keys ${sectionKeys.timeouts}`,
    ],
    ['an unknown section', 'sweep:', 'sweeps:', `sweeps is not a setting; allowed: the keys ${sectionKeys.file}`],
    [
      'a number without a unit',
      '  heartbeat:',
      '  heartbeat: 10',
      `timeouts.heartbeat is 10; allowed: ${duration('100ms', '10m')}`,
    ],
    [
      'a unit there is not',
      '  attempt:',
      '  attempt: 1w',
      `timeouts.attempt is "1w"; allowed: ${duration('1s', '24h')}`,
    ],
    [
      'a duration past its bound',
      '  attempt:',
      '  attempt: 25h',
      `timeouts.attempt is "25h"; allowed: ${duration('1s', '24h')}`,
    ],
    [
      'no time between the two looks',
      '  spacing:',
      '  spacing: 0s',
      `reconcile.spacing is "0s"; allowed: ${duration('1ms', '24h')}`,
    ],
    [
      'a word for a switch',
      '  strip_metadata:',
      '  strip_metadata: sometimes',
      'media.strip_metadata is "sometimes"; allowed: true or false.',
    ],
    ['a negative duration', '  grace:', '  grace: -2m', `sweep.grace is "-2m"; allowed: ${duration('1ms', '24h')}`],
    ['an empty value', '  answer:', '  answer:', `timeouts.answer is empty; allowed: ${duration('100ms', '10m')}`],
    [
      'a list for a value',
      '  lease:',
      '  lease: [15s]',
      `timeouts.lease is a list; allowed: ${duration('100ms', '1h')}`,
    ],
    [
      'a retention under a day',
      '  retention:',
      '  retention: 23h',
      `namespace.retention is "23h"; allowed: ${duration('1d', '3650d')}`,
    ],
    [
      'a fraction of a publish',
      '    max_concurrent',
      '    max_concurrent_publishes: 1.5',
      'task_queues.publish.max_concurrent_publishes is 1.5; allowed: a whole number from 1 to 1000.',
    ],
    [
      'no publish at a time',
      '    max_concurrent',
      '    max_concurrent_publishes: 0',
      'task_queues.publish.max_concurrent_publishes is 0; allowed: a whole number from 1 to 1000.',
    ],
    [
      'a rate of text',
      '    # max_publishes',
      '    max_publishes_per_second: many',
      'task_queues.publish.max_publishes_per_second is "many"; allowed: a whole number from 1 to 100000.',
    ],
    [
      'a queue without a name',
      '    name: oncepost',
      '    name: ""',
      'task_queues.publish.name is ""; allowed: 1 to 255 letters, digits, dots, dashes or underscores.',
    ],
    [
      'a body of no bytes',
      '  request_body:',
      '  request_body: 0',
      'limits.request_body is 0; allowed: a whole number from 1024 to 67108864.',
    ],
    ['another version', 'version:', 'version: 2', 'version is 2; allowed: the number 1.'],
    [
      'a search attribute of no type',
      '  PublishCause:',
      '  PublishCause: Keywords',
      'search_attributes.PublishCause is "Keywords"; allowed: one of Keyword, Text, Int, Double, Bool, Datetime, KeywordList.',
    ],
    [
      'a search attribute of another type',
      '  PublishCause:',
      '  PublishCause: Text',
      'search_attributes.PublishCause is Text; allowed: Keyword, because every publish sets it.',
    ],
    [
      "a name of Temporal's own",
      '  PublishCause:',
      '  TemporalCause: Keyword',
      'search_attributes.TemporalCause is no name for this; allowed: a name of up to 64 letters, digits and underscores that begins with a letter and not with "Temporal".',
    ],
    [
      'a horizon that is no duration',
      '    bluesky:',
      '    bluesky: soon',
      `reconcile.visibility_horizon.bluesky is "soon"; allowed: ${duration('1ms', '30d')}`,
    ],
  ])('%s', (_what, lineBegin, replacement, reason) => {
    const { content, here } = edited(lineBegin, replacement);
    expect(refusal(content)).toBe(`temporal.yaml, line ${here}: ${reason}`);
  });

  test('a missing key is refused at the line of its section', () => {
    const { content } = edited('  heartbeat:', '');
    const section = shipped.split('\n').indexOf('timeouts:') + 1;
    expect(refusal(content)).toBe(
      `temporal.yaml, line ${section}: timeouts.heartbeat is missing; allowed: ${duration('100ms', '10m')}`,
    );
  });

  test('a missing search attribute of ours is refused at the line of its section', () => {
    const { content } = edited('  PublishState:', '');
    const section = shipped.split('\n').indexOf('search_attributes:') + 1;
    expect(refusal(content)).toBe(
      `temporal.yaml, line ${section}: search_attributes.PublishState is missing; allowed: Keyword, because every publish sets it.`,
    );
  });

  test('a missing section is refused at the first line', () => {
    expect(refusal('version: 1\n')).toMatch(
      /^temporal\.yaml, line 1: namespace is missing; allowed: the keys name, retention\.$/,
    );
  });

  test('a horizon for a platform there is not is refused when the platforms are known', () => {
    const { content, here } = edited('    instagram:', '    instagrm: 2m');
    expect(refusal(content)).toBe('accepted');
    expect(refusal(content, ['x', 'instagram', 'bluesky', 'ghost', 'wordpress'])).toBe(
      `temporal.yaml, line ${here}: reconcile.visibility_horizon.instagrm names no platform; allowed: the keys default, x, instagram, bluesky, ghost, wordpress.`,
    );
    expect(refusal(shipped, ['x', 'instagram', 'bluesky', 'ghost', 'wordpress'])).toBe('accepted');
  });
});

describe('settings that are right alone but not together are refused', () => {
  test.each([
    [
      'a lease shorter than the heartbeat',
      '  lease:',
      '  lease: 4s',
      'timeouts.lease is 4s, but timeouts.heartbeat is 5s; allowed: 5s or more, because an account must stay held until its worker is known to be dead.',
    ],
    [
      'an attempt without time for its media and its call',
      '  attempt:',
      '  attempt: 11m',
      'timeouts.attempt is 11m, but timeouts.media_processing with send_window, answer and heartbeat is 680s; allowed: 680s or more, because one attempt needs time for all of them.',
    ],
    [
      'retry bounds the wrong way round',
      '  retry_max:',
      '  retry_max: 4s',
      'timers.retry_max is 4s, but timers.retry_min is 5s; allowed: 5s or more, because they are the two bounds of one wait.',
    ],
    [
      'a longest wait below the first',
      '  unreachable_max:',
      '  unreachable_max: 10s',
      'timers.unreachable_max is 10s, but timers.unreachable_first is 15s; allowed: 15s or more, because the wait doubles from the first to the longest.',
    ],
    [
      'giving up before the second look',
      '  give_up_after:',
      '  give_up_after: 2m',
      'reconcile.give_up_after is 2m, but reconcile.visibility_horizon.default with reconcile.spacing is 150s; allowed: 150s or more, because both looks must fit before it.',
    ],
    [
      'giving up before the first look',
      '  give_up_after:',
      '  give_up_after: 4s',
      'reconcile.give_up_after is 4s, but reconcile.first_look is 5s; allowed: 5s or more, because nobody is asked before the first look.',
    ],
    [
      'giving up before a failed look is repeated',
      '  give_up_after:',
      '  give_up_after: 30s',
      'reconcile.give_up_after is 30s, but reconcile.read_retry is 1m; allowed: 1m or more, because a look that failed must get a second chance.',
    ],
  ])('%s', (_what, lineBegin, replacement, reason) => {
    const { content, here } = edited(lineBegin, replacement);
    expect(refusal(content)).toBe(`temporal.yaml, line ${here}: ${reason}`);
  });

  test('a lease as long as the heartbeat is taken', () => {
    expect(refusal(edited('  lease:', '  lease: 5s').content)).toBe('accepted');
  });

  test('the eleventh Keyword is refused, the tenth is not', () => {
    const more = (count: number) =>
      edited(
        '  PublishState:',
        `  PublishState: Keyword${Array.from({ length: count }, (_, n) => `\n  Extra${n}: Keyword`).join('')}`,
      );
    expect(refusal(more(5).content)).toBe('accepted');
    expect(refusal(more(6).content)).toMatch(
      /^temporal\.yaml, line \d+: search_attributes has 11 attributes of type Keyword; allowed: at most 10 in one namespace\.$/,
    );
  });

  test('the fourth Text is refused', () => {
    const { content, here } = edited(
      '  PublishState:',
      '  PublishState: Keyword\n  A: Text\n  B: Text\n  C: Text\n  D: Text',
    );
    expect(refusal(content)).toBe(
      `temporal.yaml, line ${here + 4}: search_attributes has 4 attributes of type Text; allowed: at most 3 in one namespace.`,
    );
  });
});

describe('a file that cannot be read as settings at all is refused', () => {
  test('a key that stands twice', () => {
    const { content, here } = edited('  lease:', '  heartbeat: 12s');
    expect(refusal(content)).toBe(
      `temporal.yaml, line ${here}: the key heartbeat stands here for the second time in its section; allowed: once.`,
    );
  });

  test.each([
    ['a quote that is never closed', '  lease: "15s', 'this is not valid YAML (Missing closing "quote).'],
    ['a tab for indentation', '\tlease: 15s', 'this is not valid YAML (Tabs are not allowed as indentation).'],
    [
      'a value with a key in it',
      '  lease: 15s: 20s',
      'this is not valid YAML (Nested mappings are not allowed in compact mappings).',
    ],
    [
      'a key out of its column',
      ' lease: 15s',
      'this is not valid YAML (All mapping items must start at the same column).',
    ],
    ['a tag', '  lease: !soon 15s', 'this is not valid YAML (Unresolved tag: !soon).'],
    ['an alias', '  lease: *heartbeat', '*heartbeat stands for a value; allowed: the value itself.'],
  ])('%s', (_what, replacement, reason) => {
    const { content, here } = edited('  lease:', replacement);
    expect(refusal(content)).toBe(`temporal.yaml, line ${here}: ${reason}`);
  });

  test('an empty file, a list, two documents', () => {
    expect(refusal('')).toMatch(/^temporal\.yaml, line 1: the file is empty; allowed: the keys version, namespace, /);
    expect(refusal('- 1\n')).toMatch(/^temporal\.yaml, line 1: the file is a list; allowed: the keys version, /);
    expect(refusal(`${shipped}---\nversion: 1\n`)).toMatch(
      /^temporal\.yaml, line \d+: this is not valid YAML \(.+\)\.$/,
    );
  });

  test('bytes that are not UTF-8', () => {
    expect(refusal(Uint8Array.of(0x76, 0xff, 0xfe))).toMatch(/^temporal\.yaml: the settings cannot be read \(.+\)\.$/);
  });

  test('a file that is not there', () => {
    rmSync(file, { force: true });
    expect(() => loadSettings(file)).toThrow(SettingsRefused);
    expect(() => loadSettings(file)).toThrow(/the settings cannot be read \(ENOENT/);
  });
});
