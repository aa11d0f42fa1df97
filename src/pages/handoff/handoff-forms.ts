// The two forms of a handoff: giving a post to a person, and recording that it is live.
import { html } from 'hono/html';
import type { HandoffPack } from '../../domain/handoff/pack.ts';
import { HANDOFF_REASON_NAMES, HANDOFF_REASONS } from '../../domain/handoff/reasons.ts';
import { may } from '../../domain/people/caller.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import type { PageContext } from '../deps.ts';
import { inputField, selectField, textField } from '../shell/fields.ts';
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

/** Gives the post to a person, so that Oncepost does not publish it any more. */
export function handOffForm(c: PageContext, { scheduleId, state, stateMeans }: HandoffPack): Html {
  const heading = html`<h2>Give it to a person</h2>`;
  const label = 'Publish it by hand';
  if (SCHEDULE_STATES[state].ended) {
    return html`<section class="part card">${heading}${disabledButton(label, `It is ${stateMeans}.`, 'why-hand')}</section>`;
  }
  if (!may(c.get('caller'), 'publish.handoff')) {
    return html`<section class="part card">${heading}${disabledButton(label, NEEDS, 'why-hand')}</section>`;
  }
  const chosen = HANDOFF_REASON_NAMES.filter((name) => name !== 'chosen_per_schedule');
  const options = chosen.map((name) => ({ value: name, label: HANDOFF_REASONS[name].label }));
  const content = html`${selectField({ name: 'reason', label: 'Why', options })}
${inputField({ name: 'owner', label: 'Who publishes it', hint: 'Left empty, whoever takes it.' })}
${textField({ name: 'note', label: 'Note', rows: 2 })}
<button class="main">${label}</button>
<p class="fact">Oncepost stops publishing it. It is refused while a call for it may have left.</p>`;
  return html`<section class="part card">${heading}${postForm(c, `/schedules/${encodeURIComponent(scheduleId)}/handoff`, content)}</section>`;
}
