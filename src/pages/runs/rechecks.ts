// Whether the post of a published run still stands as it went out: the button that looks again, what stands found wrong, and every look.
import { html } from 'hono/html';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import type { Finding, Recheck } from '../../domain/pipeline/recheck-view.ts';
import type { RunView } from '../../domain/pipeline/run-view.ts';
import type { PageContext } from '../deps.ts';
import { ownerWords } from '../recovery/item-row.ts';
import { disabledButton, type Html, NOTHING, postForm, time } from '../shell/parts.ts';
import { checkRows } from './evidence.ts';
import { VERDICT_LABELS } from './words.ts';

/** Where a page of a run tells of it. */
export const PUBLIC_PAGE = 'public-page';

/** Nothing while the run has not ended: until then its own stage looks. */
export function publicPage(c: PageContext, view: RunView): Html {
  const { run, rechecks } = view;
  if (run.state !== 'ended') return NOTHING;
  const list =
    rechecks.length === 0
      ? html`<p class="empty">Nobody has looked at it again since it was published.</p>`
      : html`<ol class="rows">${rechecks.map((recheck) => entry(c, recheck))}</ol>`;
  return html`<section aria-labelledby="${PUBLIC_PAGE}"><h2 id="${PUBLIC_PAGE}">The public page, since</h2>${run.finding === null ? NOTHING : foundWrong(c, view, run.finding)}
<div class="buttons">${button(c, view)}</div>${list}</section>`;
}

function foundWrong(c: PageContext, { rechecks }: RunView, finding: Finding): Html {
  const { recheckId, verdict, foundAt, address, cause, nextStep, owner } = finding;
  const checks = rechecks.find(({ id }) => id === recheckId)?.checks ?? [];
  const table = verdict === 'changed' && checks.length > 0 ? checkRows(checks) : NOTHING;
  return html`<div class="banner warn"><p><strong>${VERDICT_LABELS[verdict]}</strong>, found ${time(c, foundAt)} at <a href="${address}" rel="noreferrer">${address}</a>. ${cause.text} <code>${cause.code}</code></p>
<p>${nextStep} Nothing was changed there, and nothing is published again by itself.</p><p class="fact">Owner: ${ownerWords(owner)}</p></div>${table}`;
}

function button(c: PageContext, { run, rechecks, recheckRefusal }: RunView): Html {
  const label = 'Check the public page again';
  const caller = c.get('caller');
  if (!may(caller, 'runs.recheck'))
    return disabledButton(label, `Checking again needs the role operator, and yours is ${caller.role}.`, 'why-recheck');
  if (recheckRefusal !== null) return disabledButton(label, recheckRefusal.text, 'why-recheck');
  if (rechecks.some(({ verdict }) => verdict === null))
    return disabledButton(label, 'It is being looked at now.', 'why-recheck');
  return postForm(c, `/runs/${run.id}/recheck`, html`<button>${label}</button>`);
}

function entry(c: PageContext, { verdict, says, askedAt, askedBy, address, looks, accepted }: Recheck): Html {
  const bad = accepted === null && (verdict === 'changed' || verdict === 'gone') ? ' bad' : '';
  const state = verdict === null ? 'being looked at' : VERDICT_LABELS[verdict];
  const last = looks.at(-1);
  const read = last?.digest ? html`, text <code>${last.digest.slice(0, 12)}</code>` : NOTHING;
  const seen =
    last === undefined
      ? html`<code>${address}</code>`
      : html`<code>${last.url}</code>${last.status === null ? NOTHING : html`, answered ${last.status}`}${read}, ${looks.length === 1 ? 'one look' : `${looks.length} looks`}`;
  return html`<li class="entry"><p><span class="state${bad}">${state}</span> <span class="fact">${time(c, askedAt)}, asked for by ${actorName(askedBy)}</span></p>${says === null ? NOTHING : html`<p class="means">${says}</p>`}${accepted === null ? NOTHING : acceptedWords(c, accepted)}<p class="fact">${seen}</p></li>`;
}

function acceptedWords(c: PageContext, { by, at, note }: NonNullable<Recheck['accepted']>): Html {
  const why = note === null ? NOTHING : html` “${note}”`;
  return html`<p>Meant so, says ${actorName(by)} <span class="fact">${time(c, at)}</span>${why}</p>`;
}
