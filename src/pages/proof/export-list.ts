// The exports of a workspace; the list asks again for itself while one of them is being made.
import { html, raw } from 'hono/html';
import { EXPORT_STATE_MEANS, type ProofExport } from '../../domain/proof/export-request.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';

const FOLLOWS = raw('hx-get="/proof" hx-trigger="every 2s" hx-select="#exports" hx-swap="outerHTML"');

/** The list, newest first. */
export function exportList(c: PageContext, exports: readonly ProofExport[]): Html {
  const goesOn = exports.some(({ state }) => state === 'queued' || state === 'running');
  const list =
    exports.length === 0
      ? html`<p class="empty">No bundle was made yet.</p>`
      : html`<ul class="rows">${exports.map((one) => row(c, one))}</ul>`;
  return html`<section class="group" id="exports" aria-labelledby="bundles" ${goesOn ? FOLLOWS : NOTHING}><h2 id="bundles">Bundles <span class="count">${exports.length}</span></h2>${list}</section>`;
}

function row(c: PageContext, one: ProofExport): Html {
  const of = [...one.platforms, ...one.accounts];
  return html`<li class="row">
<div class="post"><strong>${day(one.from)} to ${lastDay(one.to)}</strong><span class="fact"> ${of.length === 0 ? 'everything' : of.join(', ')}</span></div>
<div class="broke"><span class="state">${LABELS[one.state]}</span><p class="means">${one.problem ?? progress(one)}</p></div>
<div class="due">${time(c, one.requestedAt)}</div>
<div class="owner">${one.requestedBy}</div>
<div class="next">${next(one)}</div>
</li>`;
}

const LABELS: Record<ProofExport['state'], string> = {
  queued: 'Waiting',
  running: 'Being made',
  done: 'Ready',
  failed: 'Not made',
};

function progress({ state, records, recordsInAll, sizeBytes }: ProofExport): string {
  if (state === 'done') return `${records} ${records === 1 ? 'record' : 'records'}, ${size(sizeBytes ?? 0)}`;
  return recordsInAll === null ? EXPORT_STATE_MEANS[state] : `${records} of ${recordsInAll} records`;
}

function next({ id, state }: ProofExport): Html {
  if (state === 'done') return html`<a class="button" href="/proof/exports/${id}/file" download>Download</a>`;
  return html`<span class="fact">${state === 'failed' ? 'Ask for a new one.' : 'It goes on by itself.'}</span>`;
}

/** The form takes whole days of UTC; another range is shown by its instants. */
const MIDNIGHT = 'T00:00:00.000Z';
const DAY_MS = 24 * 3_600_000;

function day(at: string): string {
  return at.endsWith(MIDNIGHT) ? at.slice(0, 10) : at;
}

function lastDay(to: string): string {
  return to.endsWith(MIDNIGHT) ? new Date(Date.parse(to) - DAY_MS).toISOString().slice(0, 10) : `before ${to}`;
}

const KILO = 1024;

function size(bytes: number): string {
  if (bytes < KILO * KILO) return `${Math.ceil(bytes / KILO)} KB`;
  return `${(bytes / KILO / KILO).toFixed(1)} MB`;
}
