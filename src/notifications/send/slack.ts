// Incoming webhooks as Slack has them, and those that speak like it (Mattermost, Rocket.Chat): one text with links.
import type { Line } from '../../domain/notifications/telling.ts';
import type { HttpRequest } from '../../transport/exchange.ts';
import type { Slack } from '../channels.ts';
import { addressOf, type Message } from './message.ts';

export function slackRequest(
  { url }: Pick<Slack, 'url'>,
  { telling, workspace }: Message,
  pagesUrl: string,
): HttpRequest {
  const lines = telling.lines.map((line) => lineOf(line, pagesUrl));
  const text = [`*${bold(telling.headline)}* (${plain(workspace)})`, ...lines].join('\n');
  const body = JSON.stringify({ text, unfurl_links: false, unfurl_media: false });
  return { method: 'POST', url, headers: { 'content-type': 'application/json' }, body };
}

function lineOf(line: Line, pagesUrl: string): string {
  const address = addressOf(line, pagesUrl);
  return address === null
    ? plain(line.text)
    : `${plain(line.text)} <${address.replace(/[<>|]/g, encodeURIComponent)}|Open>`;
}

/** Without these three a text cannot name a channel, call everybody, or hide where a link leads. */
function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A star would end the bold. */
function bold(text: string): string {
  return plain(text).replaceAll('*', '∗');
}
