// What may be said to a run now, each as a form, or why it may not.
import { html } from 'hono/html';
import { may } from '../../domain/people/caller.ts';
import type { RunView } from '../../domain/pipeline/run-view.ts';
import type { StageCauseCode } from '../../domain/pipeline/stage-causes.ts';
import { hasEnded } from '../../domain/pipeline/states.ts';
import type { PageContext } from '../deps.ts';
import { inputField, selectField, textField } from '../shell/fields.ts';
import { disabledButton, type Html, NOTHING, postForm } from '../shell/parts.ts';
import { artifactField } from './artifact-field.ts';

export function runForms(c: PageContext, view: RunView): Html {
  const { run, stages } = view;
  if (hasEnded(run.state))
    return acceptForm(c, run) ?? html`<p class="empty">The run has ended; nothing is left to be done in it.</p>`;
  const stage = stages.find(({ id }) => id === run.stage);
  if (!stage) return NOTHING;
  return html`${decisionForm(c, view)}${conflictForms(c, view)}${submitForm(c, view, stage)}${steering(c, view, stage)}`;
}

/** Where something stands found wrong of its published post, a person may say that it is meant so. */
function acceptForm(c: PageContext, { id, finding }: RunView['run']): Html | null {
  if (finding === null || !may(c.get('caller'), 'runs.recheck')) return null;
  const note = inputField({ name: 'note', label: 'Why it is meant so', hint: 'optional; it stands in the record' });
  return html`<section class="group"><h3>Leave the public page as it is</h3><p>What was found is wrong no more then, for as long as looks find exactly that.</p>${postForm(
    c,
    `/runs/${id}/rechecks/${finding.recheckId}/accept`,
    html`${note}<button>It is meant so</button>`,
  )}</section>`;
}

type Stage = RunView['stages'][number];

const STALE: StageCauseCode = 'publish_stopped';

/** What an earlier try says does not count (DESIGN section 8); whoever decides is told what happens instead. */
function earlierFailure({ attempts }: RunView): Html {
  const failed = attempts.findLast(({ cause }) => cause?.code === STALE);
  if (!failed?.cause) return NOTHING;
  return html`<div class="banner warn"><p>An earlier attempt did not publish it, as far as its record says: ${failed.cause.text}</p><p>That record does not decide. When you approve, the destination is asked what stands at the address before anything is sent: the planned post there counts, and nothing is created; where nothing stands, it is published once; anything else stops the run, and so does a destination that nobody can ask.</p></div>`;
}

function decisionForm(c: PageContext, view: RunView): Html {
  const { run, asks, artifacts } = view;
  if (asks === null) return NOTHING;
  const text = artifacts.findLast(({ mediaType }) => mediaType === 'text/markdown');
  const look =
    text === undefined
      ? NOTHING
      : html` Read it: <a href="/runs/${run.id}/artifacts/${encodeURIComponent(text.name)}">${text.name}</a>.`;
  const what = html`${earlierFailure(view)}<p>“${asks.title}” is to go out at <code>${asks.address}</code>.${look}</p><p class="fact">Content <code>${asks.fingerprint.slice(0, 12)}</code>; whatever changes after this is not approved by it.</p>`;
  if (!may(c.get('caller'), 'review.decide')) {
    return html`<section class="group"><h3>Approve this content</h3>${what}<p class="fact">To approve or reject it one needs the role approver, and yours is ${c.get('caller').role}.</p></section>`;
  }
  return html`<section class="group"><h3>Approve this content</h3>${what}${postForm(
    c,
    `/runs/${run.id}/decisions`,
    html`<input type="hidden" name="expectedFingerprint" value="${asks.fingerprint}">
${textField({ name: 'note', label: 'Note', hint: 'optional; it stands in the record', rows: 2 })}
<div class="buttons"><button class="main" name="verdict" value="approved">Approve</button><button name="verdict" value="rejected">Reject</button></div>`,
  )}</section>`;
}

/** What stands there beside what was planned, and the ways on. */
function conflictForms(c: PageContext, { run, conflict }: RunView): Html {
  if (conflict === null) return NOTHING;
  const { pageId, url, status, why, differences } = conflict;
  const where = url === null ? html`page <code>${pageId}</code>` : html`<a href="${url}" rel="noreferrer">${url}</a>`;
  const rows = differences.map(
    ({ what, planned, seen }) => html`<tr><th scope="row">${what}</th><td>${planned}</td><td>${seen}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? NOTHING
      : html`<div class="scroll" tabindex="0" role="region" aria-label="Differences"><table><thead><tr><th scope="col">What</th><th scope="col">Planned</th><th scope="col">There</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  const adopt =
    status === 'published'
      ? postForm(
          c,
          `/runs/${run.id}/adopt`,
          html`<input type="hidden" name="pageId" value="${pageId}"><button>Take that page for the post</button>`,
        )
      : disabledButton('Take that page for the post', 'Readers do not see it.', 'why-adopt');
  const ways = may(c.get('caller'), 'runs.steer')
    ? html`${adopt}${postForm(c, `/runs/${run.id}/rename`, html`${inputField({ name: 'slug', label: 'Another slug', value: `${run.slug}-2`, required: true, hint: 'It is approved anew.' })}<button>Change the slug</button>`)}`
    : NOTHING;
  return html`<section class="group"><h3>Another page stands there</h3><p>${why}: ${where}. Nothing was overwritten.</p>${table}${ways}</section>`;
}

/** What a stage makes may be handed in while nobody works on it; what is ours to find out may not. */
function submitForm(c: PageContext, { run }: RunView, { id, runner, state, makes, mediaTypes, says }: Stage): Html {
  const open =
    runner !== 'builtin' && makes.length > 0 && (state === 'waiting' || state === 'failed' || state === 'blocked');
  if (!open || !may(c.get('caller'), 'runs.steer')) return NOTHING;
  const fields = makes.map((name) => artifactField(name, mediaTypes[name] ?? 'text/plain'));
  const withFiles = html`enctype="multipart/form-data"`;
  return html`<section class="group"><h3>Hand in what ${id} makes</h3>${says === null ? NOTHING : html`<p>${says}</p>`}${postForm(
    c,
    `/runs/${run.id}/submit`,
    html`<input type="hidden" name="stage" value="${id}">${fields}<button>Hand in</button>`,
    withFiles,
  )}</section>`;
}

/** What was not right is done again from there on. */
function returnForm(c: PageContext, runId: string, earlier: readonly Stage[]): Html {
  const options = earlier.toReversed().map(({ id }) => ({ value: id, label: id }));
  return html`<section class="group"><h3>Begin again earlier</h3>${postForm(
    c,
    `/runs/${runId}/retry`,
    html`${selectField({ name: 'stage', label: 'Go back to', options, hint: 'That stage and all after it are done again.' })}<button>Go back</button>`,
  )}</section>`;
}

function steering(c: PageContext, { run, stages }: RunView, { state }: Stage): Html {
  if (!may(c.get('caller'), 'runs.steer')) {
    return html`<p class="fact">To retry, resume or cancel it one needs the role operator, and yours is ${c.get('caller').role}.</p>`;
  }
  const button = (name: string, label: string, why: string | null) =>
    why === null
      ? postForm(c, `/runs/${run.id}/${name}`, html`<button>${label}</button>`)
      : disabledButton(label, why, `why-${name}`);
  const stopped = state === 'failed' || state === 'blocked';
  const earlier = stages
    .filter(({ id }) => id !== run.stage)
    .slice(
      0,
      stages.findIndex(({ id }) => id === run.stage),
    );
  const back =
    earlier.length === 0 || state === 'running' || state === 'pending' ? NOTHING : returnForm(c, run.id, earlier);
  return html`<section class="group"><h3>The stage and the run</h3><div class="buttons">${button('retry', 'Try the stage again', stopped ? null : 'It neither failed nor is it stopped.')}
${button('resume', 'Look again now', state === 'waiting' ? null : 'It does not wait.')}
${button('cancel', 'Cancel the run', null)}</div></section>${back}`;
}
