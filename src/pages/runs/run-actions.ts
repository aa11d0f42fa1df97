// What the forms of a run do.

import { ACCEPT_REFUSALS, RECHECK_REFUSALS } from '../../domain/pipeline/recheck.ts';
import { acceptRequestSchema } from '../../domain/pipeline/recheck-view.ts';
import { isRunId } from '../../domain/pipeline/run-id.ts';
import type { RunMessageName } from '../../domain/pipeline/run-messages.ts';
import { runDecisionRequestSchema } from '../../domain/pipeline/run-view.ts';
import { acceptFound } from '../../pipeline/recheck/accept-finding.ts';
import { askRecheck } from '../../pipeline/recheck/ask-recheck.ts';
import { decideOnRun, steerRun } from '../../pipeline/runs/steer-run.ts';
import type { Notice, PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { filesLimit, handedFiles } from './handed-files.ts';
import { findRunView } from './run-page.ts';

const DONE: Readonly<Record<RunMessageName, string>> = {
  retry: 'The stage is tried again.',
  resume: 'It looks again now.',
  cancel: 'The run is canceled.',
  rename: 'It has another slug now, and is approved anew.',
  adopt: 'That page counts as the post now.',
  submit: 'Handed in; the run goes on.',
};

/** Registers them. */
export function runActions(pages: Pages, deps: PagesDeps): void {
  pages.post('/runs/:id/retry', allowed('runs.steer'), (c) => steer(c, deps, 'retry'));
  pages.post('/runs/:id/resume', allowed('runs.steer'), (c) => steer(c, deps, 'resume'));
  pages.post('/runs/:id/cancel', allowed('runs.steer'), (c) => steer(c, deps, 'cancel'));
  pages.post('/runs/:id/rename', allowed('runs.steer'), (c) => steer(c, deps, 'rename'));
  pages.post('/runs/:id/adopt', allowed('runs.steer'), (c) => steer(c, deps, 'adopt'));
  pages.post('/runs/:id/submit', allowed('runs.steer'), filesLimit(deps), (c) => steer(c, deps, 'submit'));
  pages.post('/runs/:id/recheck', allowed('runs.recheck'), (c) => recheck(c, deps));
  pages.post('/runs/:id/rechecks/:recheckId/accept', allowed('runs.recheck'), (c) => accept(c, deps));
  pages.post('/runs/:id/decisions', allowed('review.decide'), (c) => decide(c, deps));
}

async function steer(c: PageContext, deps: PagesDeps, name: RunMessageName): Promise<Response> {
  const files = name === 'submit' ? await handedFiles(c) : {};
  const form = await readForm(c);
  const stage = form.stage ? { stage: form.stage } : {};
  const body: Readonly<Record<RunMessageName, object>> = {
    retry: stage,
    resume: {},
    cancel: {},
    rename: { slug: form.slug ?? '' },
    adopt: { pageId: form.pageId ?? '' },
    submit: { files, ...stage },
  };
  const verdict = await steerRun(deps, { caller: c.get('caller'), runId: runIdOf(c), name, body: { ...body[name] } });
  if (!verdict) throw nothingHere();
  return back(c, deps, verdict.accepted ? { kind: 'done', text: DONE[name] } : { kind: 'refused', text: verdict.text });
}

async function decide(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { csrf: _, note, ...form } = await readForm(c);
  const request = runDecisionRequestSchema.safeParse({ ...form, ...(note ? { note } : {}) });
  if (!request.success) {
    await findRunView(c, deps);
    const text = 'The decision cannot be read, so nothing was decided; reload the page and decide again.';
    return back(c, deps, { kind: 'refused', text });
  }
  const decided = await decideOnRun(deps, { caller: c.get('caller'), runId: runIdOf(c), request: request.data });
  switch (decided.kind) {
    case 'unknown':
      throw nothingHere();
    case 'not_asked':
      return back(c, deps, { kind: 'refused', text: 'It does not wait for a decision now; nothing was decided.' });
    case 'superseded':
      return back(c, deps, {
        kind: 'refused',
        text: 'The content has changed since; nothing was decided. Look at the present one.',
      });
    case 'decided':
      return back(c, deps, {
        kind: 'done',
        text: request.data.verdict === 'approved' ? 'Approved; the run goes on.' : 'Rejected.',
      });
  }
}

const ASKED = 'The public page is being looked at; what is found stands here in a moment.';
const JOINED = 'It is being looked at already; what is found stands here in a moment.';

async function recheck(c: PageContext, deps: PagesDeps): Promise<Response> {
  await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const asked = await askRecheck(deps, deps.client, { key: { workspaceId, runId: runIdOf(c) }, actor });
  switch (asked.kind) {
    case 'unknown':
      throw nothingHere();
    case 'refused':
      return back(c, deps, { kind: 'refused', text: RECHECK_REFUSALS[asked.reason] });
    case 'asked':
      return back(c, deps, { kind: 'done', text: asked.joined ? JOINED : ASKED });
  }
}

async function accept(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { note } = await readForm(c);
  const recheckId = c.req.param('recheckId') ?? '';
  const named = { caller: c.get('caller'), runId: runIdOf(c), recheckId };
  const request = acceptRequestSchema.safeParse(note ? { note } : {});
  if (!request.success)
    return back(c, deps, {
      kind: 'refused',
      text: 'The note is too long, so nothing was changed; say it in fewer words.',
    });
  const said = await acceptFound(deps, { ...named, note: request.data.note });
  switch (said.kind) {
    case 'unknown':
      throw nothingHere();
    case 'refused':
      return back(c, deps, { kind: 'refused', text: ACCEPT_REFUSALS[said.reason] });
    case 'accepted':
      return back(c, deps, {
        kind: 'done',
        text: 'It is meant so, and found wrong no more while it stays exactly that.',
      });
  }
}

function runIdOf(c: PageContext): string {
  const runId = c.req.param('id') ?? '';
  if (!isRunId(runId)) throw nothingHere();
  return runId;
}

function back(c: PageContext, deps: PagesDeps, notice: Notice): Response {
  leaveNotice(c, deps, notice);
  return c.redirect(`/runs/${runIdOf(c)}`, 303);
}
