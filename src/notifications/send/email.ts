// Mail: plain text, which every reader shows alike.
import type { Mail, MailEnd } from '../../transport/mail.ts';
import type { Email } from '../channels.ts';
import { addressOf, type Message, type Sent } from './message.ts';

export function mailOf({ from, to }: Pick<Email, 'from' | 'to'>, message: Message, pagesUrl: string): Mail {
  const { telling, workspace, id } = message;
  const lines = telling.lines.map((line) => {
    const address = addressOf(line, pagesUrl);
    return address === null ? line.text : `${line.text}\n  ${address}`;
  });
  const text = `${[telling.headline, ...lines].join('\n\n')}\n\n--\nOncepost, workspace ${workspace}\n${pagesUrl}\n`;
  return { from, to, subject: `[${workspace}] ${telling.headline}`, text, messageId: `${id}@oncepost` };
}

export function readMailEnd(end: MailEnd): Sent {
  if (end.kind === 'accepted') return { kind: 'delivered' };
  if (end.kind === 'refused')
    return { kind: 'refused', failure: `The mail server refused it (${end.code}).`, final: false };
  return { kind: 'away', failure: `The mail server did not take it (${end.code}).` };
}
