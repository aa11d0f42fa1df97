// The post itself: what it says, what it shows, and how it is to be delivered.
import { html } from 'hono/html';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import type { PageContext } from '../deps.ts';
import { thumbnail } from '../media/thumbnail.ts';
import { type Html, NOTHING, platformLabel, time } from '../shell/parts.ts';

/** Text, media and delivery of the present version. */
export function postParts(c: PageContext, { schedule }: ScheduleView): Html {
  const { text, media, options, fingerprint, publishAt, mode, approvalRequired, account, platform } = schedule;
  const facts: (readonly [string, Html | string])[] = [
    [
      'Account',
      html`<a href="/connections/${encodeURIComponent(account.id)}">${account.name}</a> on ${platformLabel(c, platform)}`,
    ],
    ['Due', time(c, publishAt)],
    [
      'Delivery',
      `${mode === 'handoff' ? 'by hand' : 'by Oncepost'}${approvalRequired ? ', once this version is approved' : ''}`,
    ],
    ['Options', Object.keys(options).length === 0 ? 'none' : html`<code>${JSON.stringify(options)}</code>`],
    ['Version', html`<code>${fingerprint}</code>`],
  ];
  const items = media.map(
    ({ url, mediaType, altText }, index) =>
      html`<li class="entry asset">${thumbnail(schedule, index + 1)}<div><p>${mediaType}${altText === undefined ? NOTHING : html` · “${altText}”`}</p><p class="fact"><code>${url}</code></p></div></li>`,
  );
  return html`<blockquote class="text">${text === '' ? html`<em>no text</em>` : text}</blockquote>
${items.length === 0 ? NOTHING : html`<ol class="rows">${items}</ol>`}
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
