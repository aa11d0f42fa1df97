// The channels of a workspace: where it is told of what. Secrets are named here by their variable, never held.
import type { NotificationEvent } from './events.ts';

export const CHANNEL_KINDS = ['webhook', 'slack', 'email'] as const;

interface AnyChannel {
  /** Unique in its workspace. */
  readonly name: string;
  readonly takes: readonly NotificationEvent[];
}

/** Signed as Standard Webhooks say. Its address stands in the file, or is a secret of its own. */
interface WebhookChannel extends AnyChannel {
  readonly kind: 'webhook';
  readonly url: string | null;
  readonly urlVariable: string | null;
  readonly secretVariable: string;
}

/** An incoming webhook as Slack has them; whoever knows its address may write there, so it is a secret. */
interface SlackChannel extends AnyChannel {
  readonly kind: 'slack';
  readonly urlVariable: string;
}

interface EmailChannel extends AnyChannel {
  readonly kind: 'email';
  readonly from: string;
  readonly to: readonly string[];
}

export type ChannelPolicy = WebhookChannel | SlackChannel | EmailChannel;

/** When a workspace's morning report is due. */
export interface ReportTime {
  readonly hour: number;
  readonly minute: number;
  /** An IANA name. */
  readonly zone: string;
}

/** What a workspace's settings say of its notifications. */
export interface WorkspaceNotifications {
  readonly report: ReportTime | null;
  readonly channels: readonly ChannelPolicy[];
}

/** Where a channel leads, as far as anybody may see it. */
export function channelWhere(channel: ChannelPolicy): string {
  if (channel.kind === 'email') return channel.to.join(', ');
  if (channel.kind === 'webhook' && channel.url !== null) return new URL(channel.url).host;
  return `the address in ${channel.urlVariable}`;
}
