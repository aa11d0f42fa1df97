// The section of notifications: what a workspace may say, and what is refused with the line it stands on.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHANNEL_EVENTS } from '../../src/domain/notifications/events.ts';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import { SettingsRefused } from '../../src/runtime/settings/settings-refused.ts';

const SHIPPED = readFileSync(new URL('../../temporal.yaml', import.meta.url), 'utf8');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncepost-notifications-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The settings with this workspace; what is refused names its line by its own text. */
function load(workspace: string): ReturnType<typeof loadSettings>['notifications'] | string {
  const file = join(folder, 'temporal.yaml');
  const content = SHIPPED.replace('  # workspaces:\n', () => `  workspaces:\n    acme:\n${workspace}\n`);
  writeFileSync(file, content);
  try {
    return loadSettings(file).notifications;
  } catch (error) {
    if (!(error instanceof SettingsRefused)) throw error;
    const line = content.split('\n')[(error.at.line ?? 0) - 1]?.trim();
    return `${line}: ${error.message.replace(/^.*?, line \d+(?:, column \d+)?: notifications\.workspaces\.acme\./, '')}`;
  }
}

const CHANNELS = '      channels:\n';
const SLACK = '        chat: { kind: slack, url_env: ONCEPOST_NOTIFY_CHAT }';

it('the shipped file tells nobody', () => {
  writeFileSync(join(folder, 'shipped.yaml'), SHIPPED);
  expect(loadSettings(join(folder, 'shipped.yaml')).notifications).toEqual({
    everyMs: 15_000,
    privateAddresses: false,
    grantEndsWithinMs: 604_800_000,
    runWaits: { afterMs: 86_400_000, everyMs: 86_400_000 },
    workspaces: {},
  });
});

it('the example of the shipped file can be taken as it stands', () => {
  const file = join(folder, 'example.yaml');
  writeFileSync(
    file,
    SHIPPED.replace(/^ {2}# (?= *(workspaces|acme|morning_report|channels|on-call|pipeline|editors):)/gm, '  '),
  );
  const { acme } = loadSettings(file).notifications.workspaces;
  expect(acme?.report).toEqual({ hour: 7, minute: 0, zone: 'Europe/Berlin' });
  expect(acme?.channels.map(({ name, kind }) => [name, kind])).toEqual([
    ['on-call', 'slack'],
    ['pipeline', 'webhook'],
    ['editors', 'email'],
  ]);
  expect(acme?.channels[1]).toEqual({
    kind: 'webhook',
    name: 'pipeline',
    takes: CHANNEL_EVENTS,
    url: 'https://ops.acme.example/oncepost',
    urlVariable: null,
    secretVariable: 'ONCEPOST_NOTIFY_PIPELINE_SECRET',
  });
});

it.each([
  [
    'a kind there is not',
    '        chat:\n          kind: pager\n          url_env: ONCEPOST_NOTIFY_CHAT',
    'kind: pager: channels.chat.kind is "pager"; allowed: one of webhook, slack, email.',
  ],
  [
    'an event there is not',
    '        chat:\n          kind: slack\n          url_env: ONCEPOST_NOTIFY_CHAT\n          events: [needs_persons]',
    `events: [needs_persons]: channels.chat.events.0 is "needs_persons"; allowed: a list of ${CHANNEL_EVENTS.join(', ')}.`,
  ],
  [
    'an address that is a secret',
    '        chat:\n          kind: slack\n          url: https://hooks.slack.example/T0/B0/secret\n          url_env: ONCEPOST_NOTIFY_CHAT',
    'url: https://hooks.slack.example/T0/B0/secret: channels.chat.url is not a setting; allowed: the keys kind, url_env, events.',
  ],
  [
    'a variable of another kind',
    '        chat:\n          kind: slack\n          url_env: PATH',
    'url_env: PATH: channels.chat.url_env is "PATH"; allowed: the name of a variable that begins with ONCEPOST_NOTIFY_, in capitals, digits and underscores.',
  ],
  [
    'an address with a password',
    '        hook:\n          kind: webhook\n          url: https://a:b@ops.example\n          secret_env: ONCEPOST_NOTIFY_HOOK',
    'url: https://a:b@ops.example: channels.hook.url is "https://a:b@ops.example"; allowed: an http or https address without a name and password in it.',
  ],
  [
    'a webhook without an address',
    '        hook: { kind: webhook, secret_env: ONCEPOST_NOTIFY_HOOK }',
    'hook: { kind: webhook, secret_env: ONCEPOST_NOTIFY_HOOK }: channels.hook names its address nowhere; allowed: either url or url_env.',
  ],
  [
    'mail to nobody',
    '        mail:\n          kind: email\n          from: a@acme.example\n          to: []',
    'to: []: channels.mail.to is a list; allowed: a list of 1 to 50 email addresses.',
  ],
])('%s is refused', (_, channel, says) => {
  expect(load(CHANNELS + channel)).toBe(says);
});

it.each([
  [
    'a time of no day',
    'at: "24:00"',
    'zone: UTC',
    'at: "24:00"',
    'morning_report.at is "24:00"; allowed: a time of day from "00:00" to "23:59".',
  ],
  [
    'a zone of no place',
    'at: "07:00"',
    'zone: Europe/Atlantis',
    'zone: Europe/Atlantis',
    'morning_report.zone is "Europe/Atlantis"; allowed: a time zone by its IANA name, like Europe/Berlin.',
  ],
  [
    'an offset for a zone',
    'at: "07:00"',
    'zone: "+01:00"',
    'zone: "+01:00"',
    'morning_report.zone is "+01:00"; allowed: a time zone by its IANA name, like Europe/Berlin.',
  ],
])('a report at %s is refused', (_, at, zone, line, says) => {
  expect(load(`      morning_report:\n        ${at}\n        ${zone}\n${CHANNELS}${SLACK}`)).toBe(`${line}: ${says}`);
});

it('a report that nobody is told, and one that is awaited and never comes, are refused', () => {
  const report = '      morning_report: { at: "07:00", zone: UTC }\n';
  const healed = '        chat: { kind: slack, url_env: ONCEPOST_NOTIFY_CHAT, events: [healed] }';
  expect(load(`${report}${CHANNELS}${healed}`)).toBe(
    'morning_report: { at: "07:00", zone: UTC }: morning_report is told to no channel; allowed: a channel whose events name morning_report.',
  );
  const awaited =
    '        chat:\n          kind: slack\n          url_env: ONCEPOST_NOTIFY_CHAT\n          events: [morning_report]';
  expect(load(`${CHANNELS}${awaited}`)).toBe(
    'events: [morning_report]: channels.chat.events names morning_report, but notifications.workspaces.acme.morning_report is missing; allowed: both, or neither.',
  );
});
