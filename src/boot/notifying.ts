// What a worker tells people with: the channels with their secrets, and the doors they are told through.
import { openChannels } from '../notifications/channels.ts';
import type { NotifyingContext } from '../notifications/context.ts';
import { createMailDoor } from '../transport/mail.ts';
import { isPublicAddress } from '../transport/public-address.ts';
import { createTransport } from '../transport/send.ts';
import type { Context } from './context.ts';

/** How long the mail server may take for one message. */
const MAIL_MS = 10_000;

export interface Notifying extends NotifyingContext {
  close(): Promise<void>;
}

/** Opens them. @throws StartRefused that names the variable a channel lacks */
export function openNotifying(context: Context): Notifying {
  const { env, settings, outbound } = context;
  const channels = openChannels(settings, env);
  const { privateAddresses } = settings.notifications;
  const receivers = createTransport(outbound, privateAddresses ? undefined : isPublicAddress);
  const { ONCEPOST_SMTP_URL, ONCEPOST_PUBLIC_URL, ONCEPOST_HOST: host, ONCEPOST_PORT: port } = env;
  return {
    ledger: context.ledger,
    platforms: context.platforms,
    settings,
    log: context.log,
    random: context.random,
    channels,
    receivers,
    mail: ONCEPOST_SMTP_URL === undefined ? null : createMailDoor(ONCEPOST_SMTP_URL, { timeoutMs: MAIL_MS }),
    pagesUrl: ONCEPOST_PUBLIC_URL ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    close: () => receivers.close(),
  };
}
