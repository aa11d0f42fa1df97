// `/alarms`: what somebody has to know of, what helps against it, and the words that people said to it.
import { html } from 'hono/html';
import { z } from 'zod';
import {
  ALARM_KINDS,
  ALARM_VERDICTS,
  type AlarmState,
  type AlarmView,
  alarmWordSchema,
  answerWords,
} from '../../domain/alarms/alarm.ts';
import { may } from '../../domain/people/caller.ts';
import { answerAlarm, hasAlarm, listAlarms } from '../../ledger/alarms/alarms.ts';
import { viewAlarm } from '../../operations/alarms/view-alarm.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { textField } from '../shell/fields.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm, time } from '../shell/parts.ts';

/** Resolved ones are read from the newest back; more are found through the API. */
const SHOWN = 100;

/** Registers the page and what its forms do. */
export function alarmPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/alarms', allowed('alarms.read'), async (c) => c.html(await alarmsPage(c, deps)));
  pages.post('/alarms/:id/answer', allowed('alarms.answer'), (c) => answer(c, deps));
}

async function alarmsPage(c: PageContext, { ledger }: PagesDeps): Promise<Html> {
  const { workspaceId } = c.get('caller');
  const [standing, resolved] = await Promise.all([
    listAlarms(ledger, { workspaceId, limit: SHOWN }),
    listAlarms(ledger, { workspaceId, state: 'resolved', limit: SHOWN }),
  ]);
  const body = html`<h1>Alarms</h1><p class="fact"><a href="/rules">Rules</a> · <a href="/events">Events</a></p>
${standing.length === 0 ? html`<p class="empty">Nothing that anybody has to know of.</p>` : html`<ul class="rows">${standing.map((alarm) => alarmRow(c, viewAlarm(alarm)))}</ul>`}
${resolved.length === 0 ? NOTHING : html`<section class="group"><h2>Over <span class="count">${resolved.length}</span></h2><ul class="rows">${resolved.map((alarm) => alarmRow(c, viewAlarm(alarm)))}</ul></section>`}`;
  return page(c, { title: 'Alarms', room: '/alarms', body });
}

const STATE_WORDS: Readonly<Record<AlarmState, string>> = { open: 'open', acked: 'looked after', resolved: 'over' };

function alarmRow(c: PageContext, alarm: AlarmView): Html {
  const { id, kind, mode, subject, severity, state, says, next, count, firstAt, lastAt, endedBy, words } = alarm;
  const style = state === 'resolved' ? '' : severity === 'critical' ? ' bad' : ' warn';
  const often =
    count === 1
      ? html`seen ${time(c, lastAt)}`
      : html`seen ${count} times, last ${time(c, lastAt)}, first ${time(c, firstAt)}`;
  const said = words.map(
    ({ verdict, note, by, at }) =>
      html`<p class="means">${by} ${verdict === 'ack' ? 'looks after it' : 'resolved it'}: ${note} <span class="fact">${time(c, at)}</span></p>`,
  );
  const over = endedBy === null ? NOTHING : html`<p class="means">${endedBy}</p>`;
  const help = state === 'resolved' ? NOTHING : html`<p class="means"><strong>What helps:</strong> ${next}</p>`;
  const form = state !== 'resolved' && may(c.get('caller'), 'alarms.answer') ? answerForm(c, id, state) : NOTHING;
  return html`<li class="block"><p><strong>${subject}</strong>: ${ALARM_KINDS[kind].means} <span class="state${style}">${STATE_WORDS[state]}</span></p>
<p class="fact">${often} · ${mode}</p>
<p class="means">${says}</p>${help}${said}${over}${form}</li>`;
}

function answerForm(c: PageContext, id: string, state: AlarmState): Html {
  const ack =
    state === 'open' ? html`<button class="main" name="verdict" value="ack">I look after it</button>` : NOTHING;
  return html`<details><summary>Answer</summary>${postForm(
    c,
    `/alarms/${id}/answer`,
    html`${textField({ name: 'note', label: 'Note', hint: 'what you found, or what you do; it stands in the record', required: true, rows: 2 })}
<p>${ack} <button name="verdict" value="resolve">It is over</button></p>`,
  )}</details>`;
}

async function answer(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const id = z.uuid().safeParse(c.req.param('id')).data;
  if (id === undefined || !(await hasAlarm(deps.ledger, workspaceId, id))) throw nothingHere();
  const word = alarmWordSchema.safeParse({ note: form.note });
  const verdict = ALARM_VERDICTS.find((one) => one === form.verdict);
  if (!word.success || !verdict) {
    leaveNotice(c, deps, {
      kind: 'refused',
      text: 'An answer needs a note, of 2,000 characters at most, so nothing was changed; write one and send it again.',
    });
    return c.redirect('/alarms', 303);
  }
  const answered = await answerAlarm(deps.ledger, { workspaceId, id, verdict, actor, note: word.data.note });
  if (!answered) throw nothingHere();
  leaveNotice(c, deps, { kind: answered.changed ? 'done' : 'refused', text: answerWords(answered) });
  return c.redirect('/alarms', 303);
}
