// Published posts of runs that were found changed or gone: what visitors get instead, whose they are, and what to do.
import { html } from 'hono/html';
import type { Finding } from '../../domain/pipeline/recheck-view.ts';
import type { RunSummary } from '../../domain/pipeline/run-view.ts';
import { countFindings } from '../../ledger/runs/findings.ts';
import { listRuns } from '../../ledger/runs/runs.ts';
import { viewRunRows } from '../../pipeline/runs/view-run.ts';
import type { PageContext, PagesDeps } from '../deps.ts';
import { PUBLIC_PAGE } from '../runs/rechecks.ts';
import { VERDICT_LABELS } from '../runs/words.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { ownerWords } from './item-row.ts';

const SHOWN = 20;

/** Nothing where all of them stand, as far as anybody has looked. */
export async function foundWrong(c: PageContext, { ledger }: Pick<PagesDeps, 'ledger'>): Promise<Html> {
  const { workspaceId } = c.get('caller');
  const count = await countFindings(ledger, workspaceId);
  if (count === 0) return NOTHING;
  const rows = await listRuns(ledger, { workspaceId, finding: true, before: null, limit: SHOWN });
  const runs = await viewRunRows(ledger, workspaceId, rows);
  const more = count > runs.length ? html`<p class="pager"><a href="/runs?finding=true">All ${count}</a></p>` : NOTHING;
  const list = runs.flatMap((run) => (run.finding === null ? [] : [row(c, run, run.finding)]));
  return html`<section class="group" aria-labelledby="group-found"><h2 id="group-found">Published, but found changed or gone <span class="count">${count}</span></h2>
<ul class="rows">${list}</ul>${more}</section>`;
}

function row(c: PageContext, { id, title, slug, pipeline }: RunSummary, finding: Finding): Html {
  const { verdict, foundAt, address, cause, nextStep, owner } = finding;
  const href = `/runs/${id}#${PUBLIC_PAGE}`;
  return html`<li class="row"><div class="post"><a class="excerpt" href="/runs/${id}">${title ?? slug}</a> <span class="fact">${pipeline}</span></div>
<div class="broke"><b>${VERDICT_LABELS[verdict]}</b> <a class="liveness" href="${address}" rel="noreferrer">Open its address</a><p class="means">${cause.text} <code>${cause.code}</code></p><p class="fact">${nextStep}</p></div>
<div class="due">found ${time(c, foundAt)}</div><div class="owner">${ownerWords(owner)}</div>
<div class="next"><a class="button" href="${href}">See what was found</a></div></li>`;
}
