// Webhooks as Standard Webhooks say (https://www.standardwebhooks.com): id, time of sending and body are signed together.
import { createHmac } from 'node:crypto';
import { NOTIFICATION_EVENTS } from '../../domain/notifications/events.ts';
import type { HttpRequest } from '../../transport/exchange.ts';
import type { Webhook } from '../channels.ts';
import { addressOf, type Message } from './message.ts';

/** The request of one try. The id is the same for every try of a message, so that a receiver knows it when it comes twice. */
export function webhookRequest(
  { url, keys }: Pick<Webhook, 'url' | 'keys'>,
  message: Message,
  { pagesUrl, now }: { readonly pagesUrl: string; readonly now: Date },
): HttpRequest {
  const id = `msg_${message.id}`;
  const seconds = Math.floor(now.getTime() / 1000);
  const body = JSON.stringify(webhookBody(message, pagesUrl));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`,
  );
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatures.join(' '),
    },
    body,
  };
}

function webhookBody({ workspace, telling, createdAt }: Message, pagesUrl: string) {
  const { event, headline, lines, subject } = telling;
  return {
    type: NOTIFICATION_EVENTS[event].type,
    timestamp: createdAt.toISOString(),
    data: {
      workspace,
      headline,
      lines: lines.map(({ text, href }) => ({ text, url: addressOf({ href }, pagesUrl) })),
      ...subject,
    },
  };
}
