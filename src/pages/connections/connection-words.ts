// How long a grant lasts and what the platform throttles, in words.
import { html } from 'hono/html';
import { type Connection, WINDOW_LABELS } from '../../domain/connections/connection.ts';
import type { PageContext } from '../deps.ts';
import { type Html, time } from '../shell/parts.ts';

/** Until when the grant holds. */
export function grantWords(c: PageContext, { status, grantEndsAt, grantRenewsItself }: Connection): Html {
  if (status === 'disconnected') return html`<span class="none">forgotten</span>`;
  if (grantEndsAt === null) return html`<span class="none">without an end that the platform names</span>`;
  const over = new Date(grantEndsAt) <= c.get('arrivedAt');
  if (!grantRenewsItself) return html`${over ? 'ended' : 'ends'} ${time(c, grantEndsAt)}`;
  return over
    ? html`renewed by its next use <span class="fact">(ended ${time(c, grantEndsAt)})</span>`
    : html`until ${time(c, grantEndsAt)} <span class="fact">then renewed by itself</span>`;
}

/** What is throttled now, and until when. */
export function throttledWords(c: PageContext, { platformLabel, throttled }: Connection): Html {
  const windows = throttled.map(({ window, until }) => html`${WINDOW_LABELS[window]} until ${time(c, until)}`);
  return html`${platformLabel} throttles ${windows.map((words, index) => html`${index > 0 ? ', ' : ''}${words}`)}.`;
}

/** Codes side by side. */
export function codes(names: readonly string[]): Html {
  return html`${names.map((name) => html`<code>${name}</code> `)}`;
}
