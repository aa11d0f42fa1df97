// The calls of a run whose effect outside must not happen twice, in words.
import { html } from 'hono/html';
import type { RunView } from '../../domain/pipeline/run-view.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';

type Call = RunView['toolCalls'][number];

const STATES: Readonly<Record<Call['state'], string>> = {
  attempted: 'under way',
  succeeded: 'took effect',
  failed: 'did not take effect',
  unknown: 'may have taken effect',
};

const EVIDENCE: Readonly<Record<NonNullable<Call['settledBy']>, string>> = {
  answer: 'by its answer',
  lookup: 'found by looking for it',
  person: 'by the word of a person',
};

/** Nothing where the run made none. */
export function toolCallsOf(c: PageContext, { toolCalls }: RunView): Html {
  if (toolCalls.length === 0) return NOTHING;
  const rows = toolCalls.toReversed().map(({ stage, action, key, state, tries, attemptedAt, settledBy }) => {
    const bad = state === 'unknown' ? ' bad' : '';
    const how = settledBy === null ? NOTHING : html`, ${EVIDENCE[settledBy]}`;
    const times = tries > 1 ? html` · asked for ${tries} times` : NOTHING;
    return html`<li class="entry"><p><strong>${stage}</strong> <span class="state${bad}">${STATES[state]}</span>${how} <span class="fact">${time(c, attemptedAt)}${times}</span></p><p class="fact">${action}, key <code>${key.slice(0, 12)}</code></p></li>`;
  });
  return html`<section aria-labelledby="h-calls"><h2 id="h-calls">Calls outside <span class="count">${toolCalls.length}</span></h2><ol class="rows">${rows}</ol></section>`;
}
