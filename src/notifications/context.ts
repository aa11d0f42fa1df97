// What telling people needs, built once per worker and passed down.
import type { PublishingContext } from '../publishing/context.ts';
import type { MailDoor } from '../transport/mail.ts';
import type { Transport } from '../transport/send.ts';
import type { Channels } from './channels.ts';

export interface NotifyingContext
  extends Pick<PublishingContext, 'ledger' | 'platforms' | 'settings' | 'log' | 'random'> {
  readonly channels: Channels;
  /** To addresses that the settings name: never into private networks unless they say so. */
  readonly receivers: Pick<Transport, 'send'>;
  /** Null where no mail server is named. */
  readonly mail: MailDoor | null;
  /** Where people reach the pages, without a trailing slash. */
  readonly pagesUrl: string;
}
