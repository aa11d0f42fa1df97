// Sends one message to one channel, once, within a limit.
import type { Channel } from '../channels.ts';
import type { NotifyingContext } from '../context.ts';
import { mailOf, readMailEnd } from './email.ts';
import type { Message, Sent } from './message.ts';
import { readReceiver } from './receiver.ts';
import { slackRequest } from './slack.ts';
import { webhookRequest } from './webhook.ts';

/** How long a receiver may take. */
const ANSWERED_WITHIN_MS = 10_000;

type Sending = Pick<NotifyingContext, 'receivers' | 'mail' | 'pagesUrl' | 'ledger'>;

/** Sends; whatever happens is an answer. */
export async function sendMessage(context: Sending, channel: Channel, message: Message): Promise<Sent> {
  const { receivers, mail, pagesUrl, ledger } = context;
  const limits = { timeoutMs: ANSWERED_WITHIN_MS };
  switch (channel.kind) {
    case 'webhook': {
      const request = webhookRequest(channel, message, { pagesUrl, now: ledger.clock.now() });
      return readReceiver(await receivers.send(request, limits));
    }
    case 'slack':
      return readReceiver(await receivers.send(slackRequest(channel, message, pagesUrl), limits));
    case 'email':
      if (mail === null) return { kind: 'refused', failure: 'No mail server is named any more.', final: true };
      return readMailEnd(await mail.send(mailOf(channel, message, pagesUrl)));
  }
}
