// What was said and decided about a publish, and its audit trail.
import { html } from 'hono/html';
import { actorName } from '../../domain/people/actor.ts';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';

/** Messages with their verdicts and decisions on versions, oldest first. */
export function saidList(c: PageContext, { messages, decisions, schedule }: ScheduleView): Html {
  const said = messages.map((message) => ({ at: message.at, entry: messageEntry(c, message) }));
  const decided = decisions.map((decision) => ({
    at: decision.at,
    entry: decisionEntry(c, decision, schedule.fingerprint),
  }));
  const all = [...said, ...decided].toSorted((a, b) => (a.at < b.at ? -1 : 1));
  if (all.length === 0) return html`<p class="empty">Nobody has said anything to it.</p>`;
  return html`<ol class="rows">${all.map(({ entry }) => html`<li class="entry">${entry}</li>`)}</ol>`;
}

function messageEntry(
  c: PageContext,
  { name, at, by, note, accepted, reason, text }: ScheduleView['messages'][number],
): Html {
  return html`<p><strong>${name}</strong> by ${actorName(by)} <span class="fact">${time(c, at)}</span></p>
<p>${accepted ? 'Accepted.' : html`Refused <code>${reason}</code>: ${text}`}</p>${note === null ? NOTHING : html`<p>“${note}”</p>`}`;
}

function decisionEntry(c: PageContext, decision: ScheduleView['decisions'][number], present: string): Html {
  const { verdict, at, by, note, fingerprint } = decision;
  const which =
    fingerprint === present ? 'the present version' : html`an earlier version <code>${fingerprint.slice(0, 12)}</code>`;
  return html`<p><strong>${verdict}</strong> by ${actorName(by)} <span class="fact">${time(c, at)}</span></p><p>For ${which}.</p>${note === null ? NOTHING : html`<p>“${note}”</p>`}`;
}

/** Rows of the audit trail as they come. */
export function eventList(c: PageContext, events: ScheduleView['audit']): Html {
  if (events.length === 0) return html`<p class="empty">Nothing yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The rows of the audit trail"><table class="trail"><thead><tr><th scope="col">No.</th><th scope="col">When</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">Facts</th></tr></thead>
<tbody>${events.map((event) => eventRow(c, event))}</tbody></table></div>`;
}

function eventRow(c: PageContext, { position, at, type, actor, payload }: ScheduleView['audit'][number]): Html {
  return html`<tr><td>${position}</td><td>${time(c, at)}</td><td><code>${type}</code></td><td>${actorName(actor)}</td><td class="said">${factsOf({ actor, payload })}</td></tr>`;
}

/** What an event tells in one line, without what says nothing, and without the name that stands beside it as who it was. */
export function factsOf({ actor, payload }: Pick<ScheduleView['audit'][number], 'actor' | 'payload'>): string {
  return Object.entries(payload)
    .filter(([, value]) => value !== null && value !== undefined && value !== actor.label)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
}
