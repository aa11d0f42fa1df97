// The section of notifications under the names the code uses.
import type { ChannelPolicy, ReportTime } from '../../domain/notifications/channel.ts';
import { CHANNEL_EVENTS } from '../../domain/notifications/events.ts';
import type { NotificationsFile } from './notifications-schema.ts';
import type { Settings } from './settings.ts';

const DEFAULT_EVERY_MS = 15_000;
const DEFAULT_GRANT_ENDS_WITHIN_MS = 7 * 24 * 3_600_000;
const DEFAULT_RUN_WAITS_MS = 24 * 3_600_000;

type WorkspaceFile = NonNullable<NotificationsFile['workspaces']>[string];
type ChannelFile = WorkspaceFile['channels'][string];

export function toNotifications(file: NotificationsFile | undefined): Settings['notifications'] {
  const workspaces = Object.entries(file?.workspaces ?? {}).map(([name, { morning_report, channels }]) => {
    const report = morning_report ? toReport(morning_report) : null;
    return [name, { report, channels: Object.entries(channels).map(toChannel) }] as const;
  });
  return {
    everyMs: file?.every ?? DEFAULT_EVERY_MS,
    privateAddresses: file?.private_addresses ?? false,
    grantEndsWithinMs: file?.grant_ends_within ?? DEFAULT_GRANT_ENDS_WITHIN_MS,
    runWaits: {
      afterMs: file?.run_waits_after ?? DEFAULT_RUN_WAITS_MS,
      everyMs: file?.run_waits_every ?? DEFAULT_RUN_WAITS_MS,
    },
    workspaces: Object.fromEntries(workspaces),
  };
}

function toReport({ at, zone }: NonNullable<WorkspaceFile['morning_report']>): ReportTime {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  return { hour, minute, zone };
}

function toChannel([name, channel]: [string, ChannelFile]): ChannelPolicy {
  const takes = channel.events ?? CHANNEL_EVENTS;
  switch (channel.kind) {
    case 'webhook': {
      const { url = null, url_env: urlVariable = null, secret_env: secretVariable } = channel;
      return { kind: 'webhook', name, takes, url, urlVariable, secretVariable };
    }
    case 'slack':
      return { kind: 'slack', name, takes, urlVariable: channel.url_env };
    case 'email':
      return { kind: 'email', name, takes, from: channel.from, to: channel.to };
  }
}
