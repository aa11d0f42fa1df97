// `/runs/new`: a form to start a run of a pipeline, with what its contract wants to be given.
import { html } from 'hono/html';
import type { PipelineContract } from '../../domain/pipeline/contract.ts';
import { isRunId, runIdOf } from '../../domain/pipeline/run-id.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { startRun, takeInRun } from '../../pipeline/runs/start-run.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { inputField, selectField } from '../shell/fields.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm } from '../shell/parts.ts';
import { artifactField } from './artifact-field.ts';
import { filesLimit, handedFiles } from './handed-files.ts';

type Form = Readonly<Record<string, string>>;

/** Registers the form and its end. */
export function newRunPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/runs/new', allowed('runs.start'), (c) => {
    const pipeline = c.req.query('pipeline') ?? '';
    return show(c, deps, { pipeline, opened: deps.ledger.clock.now().toISOString() }, []);
  });
  pages.post('/runs/new', allowed('runs.start'), filesLimit(deps), (c) => start(c, deps));
}

function show(c: PageContext, deps: PagesDeps, form: Form, problems: readonly FieldProblem[]): Promise<Response> {
  const contracts = Object.values(deps.settings.pipelines);
  const contract = contracts.find(({ name }) => name === form.pipeline) ?? contracts[0];
  const none = html`<p class="empty">There is no pipeline yet. Add one under <code>pipelines</code> in <code>temporal.yaml</code>, then start the server and its workers again.</p>`;
  const body = html`<p class="fact"><a href="/runs">Runs</a></p><h1>New run</h1>${refused(problems)}
${contract === undefined ? none : html`${choice(contracts, contract)}${startForm(c, contract, form, problems)}`}`;
  return Promise.resolve(c.html(page(c, { title: 'New run', room: '/runs', body }), problems.length === 0 ? 200 : 422));
}

function refused(problems: readonly FieldProblem[]): Html {
  if (problems.length === 0) return NOTHING;
  const lines = problems.map(({ field, problem, limit }) => {
    const allowedHere = limit && !problem.includes(limit) ? ` (${limit})` : '';
    return html`<li>${field} ${problem}${allowedHere}</li>`;
  });
  return html`<div class="notice refused" role="alert"><p>Nothing was started:</p><ul>${lines}</ul></div>`;
}

/** Which pipeline it is decides what the form asks for. */
function choice(contracts: readonly PipelineContract[], { name }: PipelineContract): Html {
  if (contracts.length < 2) return NOTHING;
  const options = contracts.map((one) => ({ value: one.name, label: one.name }));
  return html`<form class="filters" method="get" action="/runs/new"><div class="fields">
${selectField({ name: 'pipeline', label: 'Pipeline', value: name, options })}</div><button>Choose</button></form>`;
}

function startForm(
  c: PageContext,
  { name, zones, inputs }: PipelineContract,
  form: Form,
  problems: readonly FieldProblem[],
): Html {
  const places = Object.entries(zones).map(([zone, address]) => ({ value: zone, label: `${zone}, ${address}` }));
  const zone =
    places.length === 0
      ? NOTHING
      : selectField({ name: 'zone', label: 'Zone', value: form.zone, options: places, problems });
  const hint = 'the last part of its address: lower-case letters, digits and single dashes';
  const files = inputs.map(({ name: file, mediaType }) => artifactField(file, mediaType, form[`file:${file}`]));
  const fields = html`<input type="hidden" name="pipeline" value="${name}"><input type="hidden" name="opened" value="${form.opened ?? ''}">
${inputField({ name: 'slug', label: 'Slug', value: form.slug, required: true, hint, problems })}
${inputField({ name: 'title', label: 'Working title', value: form.title, hint: 'optional', problems })}${zone}${files}
<button class="main">Start the run</button>`;
  return postForm(c, '/runs/new', fields, html`enctype="multipart/form-data"`);
}

async function start(c: PageContext, deps: PagesDeps): Promise<Response> {
  const files = await handedFiles(c);
  const form = await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const { pipeline = '', slug = '', title, zone } = form;
  const request = { pipeline, slug, files, ...idOf(form), ...(title ? { title } : {}), ...(zone ? { zone } : {}) };
  try {
    const taken = await takeInRun(deps, { workspaceId, actor }, request);
    const started = await startRun(deps, deps.client, taken);
    const later = 'The run is stored; its workflow could not be started yet and is started by itself within minutes.';
    const text = !started ? later : taken.created ? 'The run is started.' : 'That run was started before; here it is.';
    leaveNotice(c, deps, { kind: 'done', text });
    return c.redirect(`/runs/${taken.runId}`, 303);
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    return show(c, deps, form, error.problems);
  }
}

/** Of the instant at which the form was opened, so that a form that is sent twice is one run. */
function idOf({ opened = '', slug = '' }: Form): { readonly id?: string } {
  const at = Date.parse(opened);
  const id = Number.isNaN(at) ? '' : runIdOf(slug, new Date(at));
  return isRunId(id) ? { id } : {};
}
