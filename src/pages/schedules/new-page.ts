// `/schedules/new`: a plain form to publish one post. It says what the destination would refuse while one types; what counts is
// the answer when it is handed over.
import { html } from 'hono/html';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { takeIn } from '../../publishing/intake/intake.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import { foreseeAtIntake } from '../../publishing/tonight/at-intake.ts';
import { drive } from '../../publishing/workflows/drive.ts';
import { newId } from '../../runtime/ids.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { NOTHING } from '../shell/parts.ts';
import { newCheck, said } from './new-check.ts';
import { type Form, newForm, readNewForm } from './new-form.ts';

/** Registers the form, its check and its end. */
export function newPage(pages: Pages, deps: PagesDeps): void {
  // With an id of its own, a form that is sent twice is one post.
  pages.get('/schedules/new', allowed('schedules.create'), (c) => show(c, deps, { id: newId() }, []));
  pages.post('/schedules/check', allowed('schedules.create'), async (c) => {
    const form = await readForm(c);
    // Without scripts its button is pressed, and the whole page comes back.
    if (c.req.header('hx-request') === undefined) return show(c, deps, form, []);
    const accounts = await accountsOf(deps.ledger, c.get('caller').workspaceId);
    return c.html(newCheck(deps.platforms, accounts, form, c.get('zone')));
  });
  pages.post('/schedules/new', allowed('schedules.create'), (c) => handOver(c, deps));
}

async function show(c: PageContext, deps: PagesDeps, form: Form, problems: readonly FieldProblem[]): Promise<Response> {
  const accounts = await accountsOf(deps.ledger, c.get('caller').workspaceId);
  const refused =
    problems.length === 0
      ? NOTHING
      : html`<div class="notice refused" role="alert"><p>Nothing was stored:</p><ul>${problems.map((problem) => html`<li>${said(problem)}</li>`)}</ul></div>`;
  const none = accounts.every(({ deleted }) => deleted);
  const body = html`<p class="fact"><a href="/schedules">Schedules</a></p><h1>New post</h1>${refused}
${none ? html`<p class="empty">No account is connected yet. <a href="/connections">Connect one</a>, then come back.</p>` : newForm(c, accounts, form, newCheck(deps.platforms, accounts, form, c.get('zone')))}`;
  return c.html(page(c, { title: 'New post', room: '/schedules', body }), problems.length === 0 ? 200 : 422);
}

async function handOver(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const { request, problems } = readNewForm(form, c.get('zone'));
  if (problems.length > 0) return show(c, deps, form, problems);
  try {
    const taken = await takeIn({ ...deps, workspaceId, actor }, request);
    const schedule = await findSchedule(deps.ledger, workspaceId, taken.scheduleId);
    const driven = await drive(deps, workspaceId, taken, schedule);
    await foreseeAtIntake(deps, { ...taken, workspaceId });
    const state = SCHEDULE_STATES[schedule?.state ?? 'queued'];
    const later = driven === 'pending' ? ' Its workflow starts by itself within minutes.' : '';
    leaveNotice(c, deps, { kind: 'done', text: `It is taken in: ${state.means}.${later}` });
    return c.redirect(`/schedules/${encodeURIComponent(taken.scheduleId)}`, 303);
  } catch (error) {
    if (error instanceof IntakeRefused) return show(c, deps, form, error.problems);
    throw error;
  }
}
