// What may be done about a publish: a button for each that would be accepted, and the reason beside each that would not.
import { html } from 'hono/html';
import { may } from '../../domain/people/caller.ts';
import { OPERATIONS, type Operation } from '../../domain/people/operations.ts';
import type { Offer, ScheduleView } from '../../domain/schedules/schedule-view.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import type { PageContext } from '../deps.ts';
import { disabledButton, type Html, postForm } from '../shell/parts.ts';

const WORDS: Record<Offer['message'], { readonly label: string; readonly operation: Operation }> = {
  replay: { label: 'Replay', operation: 'publish.replay' },
  resume: { label: 'Try again now', operation: 'publish.replay' },
  resolve: { label: 'Decide whether it is live', operation: 'publish.resolve' },
  edit: { label: 'Edit it', operation: 'schedules.edit' },
  review: { label: 'Review or approve it', operation: 'schedules.read' },
  reschedule: { label: 'Give it another time', operation: 'publish.reschedule' },
  handoff: { label: 'Hand it to a person', operation: 'publish.handoff' },
  cancel: { label: 'Cancel it', operation: 'publish.cancel' },
};

const ORDER = Object.keys(WORDS);

/** Said only where it is about something: nobody misses them elsewhere. */
const ONLY_WHERE_OFFERED: readonly Offer['message'][] = ['resume', 'resolve'];

/** The buttons. */
export function offerButtons(c: PageContext, view: ScheduleView): Html {
  if (SCHEDULE_STATES[view.schedule.state].ended) {
    return html`<p class="empty">It has ended; nothing can be changed.</p>`;
  }
  const shown = view.offers
    .filter(({ message, refused }) => refused === null || !ONLY_WHERE_OFFERED.includes(message))
    .toSorted((one, other) => ORDER.indexOf(one.message) - ORDER.indexOf(other.message));
  return html`<ul class="offers">${shown.map((offer) => html`<li>${button(c, view, offer)}</li>`)}</ul>`;
}

function button(c: PageContext, { schedule, item }: ScheduleView, { message, refused }: Offer): Html {
  const { label, operation } = WORDS[message];
  if (!may(c.get('caller'), operation)) {
    return disabledButton(label, `This needs the role ${OPERATIONS[operation].role}.`, `why-${message}`);
  }
  if (refused !== null) return disabledButton(label, refused.text, `why-${message}`);
  const address = `/schedules/${encodeURIComponent(schedule.id)}/${message}`;
  if (message !== 'replay') return html`<a class="button" href="${address}">${label}</a>`;
  const main = item.replayOffered ? 'main' : 'plain';
  return postForm(
    c,
    address,
    html`<input type="hidden" name="expectedAttempt" value="${item.attempts}"><button class="${main}">${label}</button>`,
  );
}
