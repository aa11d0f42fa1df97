// The channels of the settings with their secrets from the environment, ready to be used.
import type { ChannelPolicy } from '../domain/notifications/channel.ts';
import type { NotificationEvent } from '../domain/notifications/events.ts';
import type { Env } from '../runtime/env.ts';
import type { Settings } from '../runtime/settings/settings.ts';
import { StartRefused } from '../runtime/start-refused.ts';

interface AnyChannel {
  readonly name: string;
  readonly takes: readonly NotificationEvent[];
}

export interface Webhook extends AnyChannel {
  readonly kind: 'webhook';
  readonly url: string;
  /** One, or several while one is replaced by another: the message carries a signature of each. */
  readonly keys: readonly Uint8Array[];
}

export interface Slack extends AnyChannel {
  readonly kind: 'slack';
  readonly url: string;
}

export interface Email extends AnyChannel {
  readonly kind: 'email';
  readonly from: string;
  readonly to: readonly string[];
}

export type Channel = Webhook | Slack | Email;

/** The channels of each workspace, by its name. */
export type Channels = ReadonlyMap<string, readonly Channel[]>;

/** Gives every channel of the settings its secrets. @throws StartRefused that names the variable, never its value */
export function openChannels({ notifications }: Settings, env: Env): Channels {
  const opened = Object.entries(notifications.workspaces).map(
    ([workspace, { channels }]) => [workspace, channels.map((channel) => open(channel, env))] as const,
  );
  return new Map(opened);
}

function open(channel: ChannelPolicy, env: Env): Channel {
  const { name, takes } = channel;
  if (channel.kind === 'email') {
    if (env.ONCEPOST_SMTP_URL === undefined) throw missing(channel, 'ONCEPOST_SMTP_URL');
    return { kind: 'email', name, takes, from: channel.from, to: channel.to };
  }
  if (channel.kind === 'slack')
    return { kind: 'slack', name, takes, url: addressIn(channel, channel.urlVariable, env) };
  const url = channel.url ?? addressIn(channel, channel.urlVariable ?? '', env);
  return { kind: 'webhook', name, takes, url, keys: keysIn(channel, channel.secretVariable, env) };
}

function secretIn(channel: ChannelPolicy, variable: string, env: Env): string {
  const value = env.channelSecrets[variable];
  if (value === undefined) throw missing(channel, variable);
  return value;
}

function addressIn(channel: ChannelPolicy, variable: string, env: Env): string {
  const value = secretIn(channel, variable, env);
  if (/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
  throw unusable(channel, variable, 'must be an http or https address');
}

const SECRET = /^whsec_[A-Za-z0-9+/]+={0,2}$/;

/** As Standard Webhooks write them: `whsec_` and 24 to 64 bytes in base64. */
function keysIn(channel: ChannelPolicy, variable: string, env: Env): Uint8Array[] {
  return secretIn(channel, variable, env)
    .split(/\s+/)
    .map((secret) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      if (SECRET.test(secret) && key.byteLength >= 24 && key.byteLength <= 64) return new Uint8Array(key);
      throw unusable(
        channel,
        variable,
        'must be whsec_ and 24 to 64 bytes in base64, several of them separated by spaces',
      );
    });
}

function missing({ name }: ChannelPolicy, variable: string): StartRefused {
  return new StartRefused(
    `The channel "${name}" of temporal.yaml needs the environment variable ${variable}, which is not set; nothing was started; set it, or take the channel out, and start again.`,
  );
}

function unusable({ name }: ChannelPolicy, variable: string, problem: string): StartRefused {
  return new StartRefused(
    `The environment variable ${variable} cannot be used for the channel "${name}": it ${problem}; nothing was started; correct it and start again.`,
  );
}
