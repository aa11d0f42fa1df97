// A page for each of an operator's words to one publish: it says what will happen, asks what is needed, and sends it.
import { html } from 'hono/html';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import { sendMessage } from '../../publishing/messages/send-message.ts';
import { foreseeChanged } from '../../publishing/tonight/at-intake.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { itemRow } from '../recovery/item-row.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm } from '../shell/parts.ts';
import { evidenceOf } from './evidence.ts';
import { type Form, OPERATION_FORMS, type OperationForm } from './operation-forms.ts';
import { findView } from './story-page.ts';

/** Registers them. */
export function operationPages(pages: Pages, deps: PagesDeps): void {
  for (const operation of OPERATION_FORMS) {
    const path = `/schedules/:id/${operation.name}`;
    pages.get(path, allowed(operation.operation), async (c) => {
      const view = await findView(c, deps);
      return c.html(await formPage(c, deps, { operation, view, given: {}, problem: null }));
    });
    pages.post(path, allowed(operation.operation), (c) => send(c, deps, operation));
  }
}

async function send(c: PageContext, deps: PagesDeps, operation: OperationForm): Promise<Response> {
  const given = await readForm(c);
  const view = await findView(c, deps);
  const { body, problem } = operation.read(given, c.get('zone'));
  if (body === undefined) return c.html(await formPage(c, deps, { operation, view, given, problem }), 422);
  const scheduleId = view.schedule.id;
  const verdict = await sendMessage(deps, { caller: c.get('caller'), scheduleId, name: operation.name, body });
  if (!verdict) throw nothingHere();
  if (verdict.accepted && operation.name === 'reschedule') {
    await foreseeChanged(deps, { workspaceId: c.get('caller').workspaceId, scheduleId }, { readMedia: true });
  }
  if (!verdict.accepted && verdict.reason === 'malformed_message') {
    return c.html(await formPage(c, deps, { operation, view, given, problem: verdict.text }), 422);
  }
  leaveNotice(
    c,
    deps,
    verdict.accepted
      ? { kind: 'done', text: operation.done }
      : { kind: 'refused', text: `Nothing was changed: ${verdict.text}` },
  );
  return c.redirect(storyHref(scheduleId), 303);
}

const storyHref = (id: string) => `/schedules/${encodeURIComponent(id)}`;

interface Shown {
  readonly operation: OperationForm;
  readonly view: ScheduleView;
  readonly given: Form;
  readonly problem: string | null;
}

async function formPage(c: PageContext, deps: PagesDeps, { operation, view, given, problem }: Shown): Promise<Html> {
  const { id } = view.schedule;
  const offer = view.offers.find(({ message }) => message === operation.name);
  const refused = offer?.refused ?? null;
  const evidence = operation.name === 'resolve' && refused === null ? await evidenceOf(c, deps, view) : NOTHING;
  const form = postForm(
    c,
    `${storyHref(id)}/${operation.name}`,
    html`${evidence}${operation.fields(c, view, given)}<span class="ends"><button class="main">${operation.button}</button> <a href="${storyHref(id)}">Leave it as it is</a></span>`,
    html`class="fields narrow"`,
  );
  const body = html`<p class="fact"><a href="${storyHref(id)}">${id}</a></p><h1>${operation.heading}</h1>
<ul class="rows">${itemRow(c, view.item, 'plain')}</ul>
<p>${operation.explains}</p>
${problem === null ? NOTHING : html`<p class="notice refused" role="alert">${problem} Nothing was changed.</p>`}
${refused === null ? form : html`<p class="notice refused">${refused.text} <a href="${storyHref(id)}">Back to its story</a></p>`}`;
  return page(c, { title: operation.heading, room: '/schedules', body });
}
