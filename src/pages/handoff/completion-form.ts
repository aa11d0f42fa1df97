// The form that ends a handoff: it records that the post is live.
import { html } from 'hono/html';
import type { HandoffPack } from '../../domain/handoff/pack.ts';
import { may } from '../../domain/people/caller.ts';
import type { PageContext } from '../deps.ts';
import { inputField, textField } from '../shell/fields.ts';
import { disabledButton, type Html, postForm } from '../shell/parts.ts';

const NEEDS = 'This needs the role operator.';

/** Records who published it, when and where. */
export function completionForm(c: PageContext, { scheduleId, platformLabel, state, stateMeans }: HandoffPack): Html {
  const heading = html`<h2>When it is live</h2>`;
  if (state !== 'handoff_pending') {
    return html`<section class="part card">${heading}${disabledButton('Record it as published', `It is ${stateMeans}.`, 'why-complete')}</section>`;
  }
  if (!may(c.get('caller'), 'publish.handoff')) {
    return html`<section class="part card">${heading}${disabledButton('Record it as published', NEEDS, 'why-complete')}</section>`;
  }
  const zone = c.get('zone');
  const content = html`${inputField({ name: 'url', label: `Its address on ${platformLabel}`, type: 'url', hint: 'Oncepost asks the address once and tells what it answered.' })}
${inputField({ name: 'publishedAt', label: 'Live since', type: 'datetime-local', hint: `In ${zone}; left empty, it is now.` })}
${textField({ name: 'note', label: 'Note', rows: 2 })}
<button class="main">Record it as published</button>
<p class="fact">You are recorded as who did it. The first record stands.</p>`;
  return html`<section class="part card">${heading}${postForm(c, `/handoff/${encodeURIComponent(scheduleId)}/completion`, content)}</section>`;
}
