// `/batches/{id}`: how far a batch is, and the verdict of each member.
import { html } from 'hono/html';
import { type Batch, MEMBER_VERDICTS, VERDICT_LABELS } from '../../domain/batches/batch.ts';
import { may } from '../../domain/people/caller.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { stopBatch } from '../../publishing/batches/start-batch.ts';
import { viewBatch } from '../../recovery/batch-view.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { freshness } from '../recovery/freshness.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';
import { batchState, pacingOf } from './words.ts';

const SHOWN = 100;

/** Registers the page, and the cancel of the rest. */
export function batchPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/batches/:id', allowed('items.read'), async (c) => {
    const after = /^\d{1,6}$/.test(c.req.query('after') ?? '') ? Number(c.req.query('after')) : 0;
    const id = c.req.param('id');
    const batch = await viewBatch(deps.ledger, c.get('caller').workspaceId, id, { after, limit: SHOWN });
    if (!batch) throw nothingHere();
    const title = `Batch of ${batch.members} for ${batch.account.name}`;
    const here = withQuery(`/batches/${batch.id}`, { after: c.req.query('after') });
    // What has ended changes no more, but for where its publishes stand.
    const refresh = html`hx-get="${here}" hx-trigger="refresh" hx-select="#items" hx-swap="outerMorph"`;
    const body = html`<p class="fact"><a href="/">Recovery</a> / <a href="/incidents/${batch.account.id}/${batch.cause}">${batch.account.name}, ${batch.cause}</a></p>
<h1>${title}</h1><div id="items" ${refresh}>${freshness(c)}${progress(c, batch)}${report(c, batch)}</div>`;
    return c.html(page(c, { title, room: '/', body }));
  });
  pages.post('/batches/:id/cancel', allowed('publish.replay'), async (c) => {
    await readForm(c);
    const id = c.req.param('id');
    const canceled = await stopBatch(deps, c.get('caller'), id);
    if (canceled === null) throw nothingHere();
    leaveNotice(
      c,
      deps,
      canceled
        ? { kind: 'done', text: 'The rest is not replayed; those that ran already go on.' }
        : { kind: 'refused', text: 'The batch had ended already, so there was nothing to cancel.' },
    );
    return c.redirect(`/batches/${encodeURIComponent(id)}`, 303);
  });
}

/** Later than this, nobody is at work on it. */
const LATE_AFTER_MS = 2 * 60_000;
const LATE = ': late, since no worker has come to it; it goes on by itself once one does';

function isLate(c: PageContext, nextAt: string): boolean {
  return c.get('arrivedAt').getTime() - Date.parse(nextAt) > LATE_AFTER_MS;
}

function progress(c: PageContext, batch: Batch): Html {
  const { counts, members, nextAt, endedAt, note, skipOlder } = batch;
  const done = members - (counts.waiting ?? 0);
  const figures = MEMBER_VERDICTS.filter((verdict) => (counts[verdict] ?? 0) > 0).map(
    (verdict) => html`<div><dt>${VERDICT_LABELS[verdict]}</dt><dd>${counts[verdict]}</dd></div>`,
  );
  const next =
    nextAt === null
      ? NOTHING
      : html`<div><dt>Next turn</dt><dd>${time(c, nextAt)}${isLate(c, nextAt) ? LATE : ''}</dd></div>`;
  const cancel =
    endedAt === null && may(c.get('caller'), 'publish.replay')
      ? postForm(c, `/batches/${batch.id}/cancel`, html`<button>Cancel the rest</button>`)
      : NOTHING;
  return html`<p><label for="done">${done} of ${members} had their turn</label> <progress id="done" value="${done}" max="${members}"></progress> <span class="fact">${batchState(batch)}</span></p>
<dl class="facts">${figures}${next}<div><dt>Pace</dt><dd>${pacingOf(c, batch.pace)}</dd></div>
${skipOlder === null ? NOTHING : html`<div><dt>Skipped what was due before</dt><dd>${time(c, skipOlder)}</dd></div>`}
<div><dt>Asked for</dt><dd>${time(c, batch.askedAt)} by ${batch.askedBy}${note === null ? NOTHING : html`: “${note}”`}</dd></div></dl>${cancel}`;
}

function report(c: PageContext, batch: Batch): Html {
  const rows = batch.report.map(({ place, scheduleId, verdict, reason, says, dueAt, answeredAt, state }) => {
    const why =
      says === null
        ? html`Its turn is ${time(c, dueAt)}.`
        : html`${says}${reason === null ? NOTHING : html` <code>${reason}</code>`}`;
    return html`<tr id="member-${place}"><td>${place}</td><td><a href="/schedules/${encodeURIComponent(scheduleId)}">${scheduleId}</a></td><td>${VERDICT_LABELS[verdict ?? 'waiting']}</td><td class="said">${why}</td><td>${answeredAt === null ? NOTHING : time(c, answeredAt)}</td><td>${SCHEDULE_STATES[state].label}</td></tr>`;
  });
  const next =
    batch.nextAfter === null
      ? NOTHING
      : html`<a href="${withQuery(`/batches/${batch.id}`, { after: String(batch.nextAfter) })}" rel="next">Next ${SHOWN}</a>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Verdicts"><table class="trail"><thead><tr><th scope="col">No.</th><th scope="col">Publish</th><th scope="col">Verdict</th><th scope="col">Why</th><th scope="col">When</th><th scope="col">It is now</th></tr></thead><tbody>${rows}</tbody></table></div><p class="pager">${next}</p>`;
}
