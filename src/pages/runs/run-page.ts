// `/runs/{id}`: where a run stands, what it waits for and what may be done, its stages, attempts, artifacts and decisions.
import { html } from 'hono/html';
import { actorName } from '../../domain/people/actor.ts';
import { isRunId } from '../../domain/pipeline/run-id.ts';
import type { RunView } from '../../domain/pipeline/run-view.ts';
import { viewRun } from '../../pipeline/runs/view-run.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { freshness } from '../recovery/freshness.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';
import { found } from './evidence.ts';
import { publicPage } from './rechecks.ts';
import { runForms } from './run-forms.ts';
import { toolCallsOf } from './tool-calls.ts';
import { ACTION_WORDS, isBad, outcomeWords, STAGE_LABELS, stateLabel } from './words.ts';

/** Registers the page. */
export function runPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/runs/:id', allowed('runs.read'), async (c) => {
    const view = await findRunView(c, deps);
    const { run } = view;
    const here = `/runs/${run.id}`;
    const refresh = html`hx-get="${here}" hx-trigger="refresh" hx-select="#items" hx-swap="outerMorph"`;
    const body = html`<p class="fact"><a href="/runs">Runs</a> / ${run.pipeline}</p><h1>${run.title ?? run.slug}</h1>
<div id="items" ${refresh}>${freshness(c)}${facts(c, deps, view)}
<section aria-labelledby="h-stages"><h2 id="h-stages">Stages</h2><ol class="rows">${view.stages.map((stage) => stageRow(view, stage))}</ol></section>${publicPage(c, view)}</div>
<section aria-labelledby="h-do"><h2 id="h-do">What may be done now</h2>${runForms(c, view)}</section>
<section aria-labelledby="h-artifacts"><h2 id="h-artifacts">Artifacts <span class="count">${view.artifacts.length}</span></h2>${artifacts(c, view)}</section>
<section aria-labelledby="h-attempts"><h2 id="h-attempts">Attempts <span class="count">${view.attempts.length}</span></h2>${attempts(c, view)}</section>
${toolCallsOf(c, view)}
<section aria-labelledby="h-said"><h2 id="h-said">Messages and decisions</h2>${said(c, view)}</section>`;
    return c.html(page(c, { title: run.title ?? run.slug, room: '/runs', body }));
  });
}

/** The run that the address names. @throws PageRefused when the workspace has none */
export async function findRunView(c: PageContext, { ledger }: Pick<PagesDeps, 'ledger'>): Promise<RunView> {
  const runId = c.req.param('id') ?? '';
  const view = isRunId(runId) ? await viewRun(ledger, { workspaceId: c.get('caller').workspaceId, runId }) : null;
  if (!view) throw nothingHere();
  return view;
}

function facts(c: PageContext, deps: PagesDeps, { run, attempts: all }: RunView): Html {
  const handedOver = all.some(({ outcome, evidence }) => evidence.handedOver === true || outcome === 'already_true');
  const rows: (readonly [string, Html | string])[] = [
    [
      'State',
      html`<span class="state${isBad(run) ? ' bad' : ''}">${stateLabel(run)}</span>${run.endedAt === null ? html` at ${run.stage}` : NOTHING}`,
    ],
    ...(run.wakeAt === null ? [] : [['Goes on by itself', time(c, run.wakeAt)] as const]),
    ...(run.address === null
      ? []
      : [
          [
            run.state === 'ended' ? 'Readers find it at' : 'Planned address',
            html`<a href="${run.address}" rel="noreferrer">${run.address}</a>`,
          ] as const,
        ]),
    ...(handedOver
      ? [['Its post', html`<a href="/schedules/${run.scheduleId}"><code>${run.scheduleId}</code></a>`] as const]
      : []),
    ['Started', html`${time(c, run.createdAt)} by ${actorName(run.creator)}`],
    ['Contract', html`${run.pipeline}, version <code>${run.version.slice(0, 12)}</code>`],
    ['Trace', html`<a href="${withQuery('/activity', { trace: run.traceId })}"><code>${run.traceId}</code></a>`],
    ['In Temporal', workflowLink(deps, run.workflowId)],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function workflowLink({ temporalUi, client }: PagesDeps, workflowId: string): Html {
  if (temporalUi === null) return html`<code>${workflowId}</code>`;
  const { namespace } = client.options;
  const href = `${temporalUi}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  return html`<a href="${href}" rel="noreferrer"><code>${workflowId}</code></a>`;
}

type Stage = RunView['stages'][number];

function stageRow({ run, attempts: all }: RunView, { id, runner, state, attempts: tries, cause, says }: Stage): Html {
  const here = id === run.stage && run.terminal === null ? html` aria-current="step"` : NOTHING;
  const already = state === 'succeeded' && all.findLast(({ stage }) => stage === id)?.outcome === 'already_true';
  const how = already ? html`, ${outcomeWords('already_true')}` : NOTHING;
  const bad = state === 'failed' || state === 'blocked' ? ' bad' : '';
  const why = cause
    ? html`<p class="means">${cause.text} <code>${cause.code}</code></p><p class="fact">${ACTION_WORDS[cause.nextAction]}</p>`
    : says === null
      ? NOTHING
      : html`<p class="means">${says}</p>`;
  const times = tries > 1 ? html` · ${tries} attempts` : NOTHING;
  return html`<li class="entry"${here}><p><strong>${id}</strong> · <span class="state${bad}">${STAGE_LABELS[state]}</span>${how} <span class="fact">${runner}${times}</span></p>${why}</li>`;
}

function artifacts(c: PageContext, { run, artifacts: made }: RunView): Html {
  if (made.length === 0) return html`<p class="empty">Nothing yet.</p>`;
  const rows = made.toReversed().map(({ name, version, sizeBytes, sha256, stage, by, madeAt }) => {
    const href = withQuery(`/runs/${run.id}/artifacts/${encodeURIComponent(name)}`, { version: String(version) });
    const source = stage ?? 'given at the start';
    return html`<tr><td><a href="${href}">${name}</a>${version > 1 ? html` <span class="fact">version ${version}</span>` : NOTHING}</td><td>${source}${by === null ? NOTHING : html`, by ${actorName(by)}`}</td><td>${sizeBytes}</td><td><code>${sha256.slice(0, 12)}</code></td><td>${time(c, madeAt)}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Artifacts"><table><thead><tr><th scope="col">Name</th><th scope="col">From</th><th scope="col">Bytes</th><th scope="col">SHA-256</th><th scope="col">Made</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function attempts(c: PageContext, { attempts: all }: RunView): Html {
  if (all.length === 0) return html`<p class="empty">Nothing was begun yet.</p>`;
  const rows = all.toReversed().map(({ stage, number, startedAt, endedAt, outcome, cause, evidence }) => {
    const raw =
      cause && cause.raw !== ''
        ? html`<details><summary>What came back</summary><pre>${cause.raw}</pre></details>`
        : NOTHING;
    const words = html`<span class="state${outcome === 'failed' || outcome === 'blocked' ? ' bad' : ''}">${outcomeWords(outcome)}</span>`;
    return html`<li class="entry"><p><strong>${stage}</strong>, attempt ${number} · ${words} <span class="fact">${time(c, startedAt)}${endedAt === null ? NOTHING : html`, ${lasted(startedAt, endedAt)}`}</span></p>${cause === null ? NOTHING : html`<p class="means">${cause.text} <code>${cause.code}</code></p>`}${raw}${found({ evidence, outcome })}</li>`;
  });
  return html`<ol class="rows">${rows}</ol>`;
}

/** Most take moments, and those of people take days. */
function lasted(from: string, to: string): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  if (seconds < 0.1) return 'at once';
  if (seconds < 120) return `for ${seconds.toFixed(1)} s`;
  return seconds < 7_200 ? `for ${Math.round(seconds / 60)} min` : `for ${Math.round(seconds / 3_600)} h`;
}

function said(c: PageContext, { messages, decisions }: RunView): Html {
  const words = messages.map(({ name, stage, accepted, text, by, at }) => ({
    at,
    entry: html`<p><strong>${name}</strong>${stage === null ? NOTHING : html` at <code>${stage}</code>`} by ${actorName(by)} <span class="fact">${time(c, at)}</span></p><p>${accepted ? 'Accepted.' : html`Refused: ${text}`}</p>`,
  }));
  const decided = decisions.map(({ verdict, fingerprint, decidedBy, decidedAt, note }) => ({
    at: decidedAt,
    entry: html`<p><strong>${verdict}</strong> by ${actorName(decidedBy)} <span class="fact">${time(c, decidedAt)}</span></p><p>For content <code>${fingerprint.slice(0, 12)}</code>.</p>${note === null ? NOTHING : html`<p>“${note}”</p>`}`,
  }));
  const all = [...words, ...decided].toSorted((a, b) => (a.at < b.at ? -1 : 1));
  if (all.length === 0) return html`<p class="empty">Nobody has said anything to it.</p>`;
  return html`<ol class="rows">${all.map(({ entry }) => html`<li class="entry">${entry}</li>`)}</ol>`;
}
