// `/runs`: every run of a pipeline, the newest first.
import { html } from 'hono/html';
import { may } from '../../domain/people/caller.ts';
import type { RunSummary } from '../../domain/pipeline/run-view.ts';
import { RUN_STATES, type RunState } from '../../domain/pipeline/states.ts';
import { findRun, listRuns } from '../../ledger/runs/runs.ts';
import { viewRunRows } from '../../pipeline/runs/view-run.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { freshness } from '../recovery/freshness.ts';
import { allowed } from '../session/signed-in.ts';
import { selectField } from '../shell/fields.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';
import { isBad, stateLabel, VERDICT_LABELS } from './words.ts';

const SHOWN = 50;

/** Registers the page. */
export function runListPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/runs', allowed('runs.read'), async (c) => {
    const { workspaceId } = c.get('caller');
    const state = RUN_STATES.find((one) => one === c.req.query('state'));
    const pipeline = c.req.query('pipeline') || undefined;
    const finding = c.req.query('finding') === 'true' ? true : undefined;
    const after = c.req.query('after');
    const before = after === undefined ? null : await findRun(deps.ledger, { workspaceId, runId: after });
    const rows = await listRuns(deps.ledger, { workspaceId, pipeline, state, finding, before, limit: SHOWN + 1 });
    const runs = await viewRunRows(deps.ledger, workspaceId, rows.slice(0, SHOWN));
    const given = { state, pipeline, finding: finding && 'true' };
    const isFiltered = Object.values(given).some((one) => one !== undefined);
    const next =
      rows.length > SHOWN
        ? html`<a href="${withQuery('/runs', { ...given, after: runs.at(-1)?.id })}" rel="next">Next ${SHOWN}</a>`
        : NOTHING;
    const here = withQuery('/runs', { ...given, after });
    const refresh = html`hx-get="${here}" hx-trigger="refresh" hx-select="#items" hx-swap="outerMorph"`;
    const begin = may(c.get('caller'), 'runs.start') ? html`<p><a href="/runs/new">New run</a></p>` : NOTHING;
    const body = html`<h1>Runs</h1>${begin}${filters(deps, given)}
<div id="items" ${refresh}>${freshness(c)}${runs.length === 0 ? empty(isFiltered) : html`<ul class="rows">${runs.map((run) => row(c, run))}</ul>`}<p class="pager">${next}</p></div>`;
    return c.html(page(c, { title: 'Runs', room: '/runs', body }));
  });
}

interface Given {
  readonly state: RunState | undefined;
  readonly pipeline: string | undefined;
  readonly finding: string | undefined;
}

function filters({ settings }: PagesDeps, { state, pipeline, finding }: Given): Html {
  const states = RUN_STATES.map((one) => ({ value: one, label: stateLabel({ state: one, terminal: null }) }));
  const names = Object.keys(settings.pipelines).map((name) => ({ value: name, label: name }));
  const any = { value: '', label: 'any' };
  const found = { value: 'true', label: 'found changed or gone' };
  return html`<form class="filters" method="get" action="/runs"><div class="fields">
${selectField({ name: 'state', label: 'State', value: state ?? '', options: [any, ...states] })}
${selectField({ name: 'pipeline', label: 'Pipeline', value: pipeline ?? '', options: [any, ...names] })}
${selectField({ name: 'finding', label: 'Its public page', value: finding ?? '', options: [any, found] })}</div><button>Show</button></form>`;
}

function empty(isFiltered: boolean): Html {
  if (isFiltered) return html`<p class="empty">Nothing here matches.</p>`;
  return html`<p class="empty">There is no run yet. Start one <a href="/runs/new">here</a>, with <code>oncepost runs start</code>, or by <code>POST /api/runs</code>.</p>`;
}

function row(c: PageContext, run: RunSummary): Html {
  const { id, pipeline, slug, title, stage, wakeAt, createdAt, finding } = run;
  const goesOn = wakeAt === null ? NOTHING : html` · goes on ${time(c, wakeAt)}`;
  return html`<li class="block"><p><a class="excerpt" href="/runs/${id}">${title ?? slug}</a></p>
<p><span class="state${isBad(run) ? ' bad' : ''}">${stateLabel(run)}</span>${run.endedAt === null ? html` at ${stage}` : NOTHING}${finding === null ? NOTHING : html` <span class="state bad">${VERDICT_LABELS[finding.verdict]}</span>`} <span class="fact">${pipeline} · <code>${id}</code> · started ${time(c, createdAt)}${goesOn}</span></p></li>`;
}
