// `/schedules/{id}/edit`: a new version of a post. Two editors at once: the one who comes second sees both versions.
import { html } from 'hono/html';
import { EDIT_REFUSALS, type EditRequest, editRequestSchema } from '../../domain/schedules/edit.ts';
import { type FieldProblem, fieldProblems } from '../../domain/schedules/schedule-request.ts';
import type { VersionChange } from '../../domain/schedules/version-changes.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { editSchedule } from '../../publishing/intake/edit.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import { editBar } from '../../recovery/edit-bar.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { checkField, inputField, problemSummary, selectField, textField } from '../shell/fields.ts';
import { page } from '../shell/layout.ts';
import { readLocalTime, writeLocalTime } from '../shell/local-time.ts';
import { type Html, NOTHING, platformLabel, postForm } from '../shell/parts.ts';

/** Registers the page and what its form does. */
export function editPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/schedules/:id/edit', allowed('schedules.edit'), async (c) => {
    const schedule = await scheduleOf(c, deps);
    const bar = await editBar(deps.ledger, schedule);
    if (bar !== null) return c.html(barredPage(c, schedule, bar));
    return c.html(await editPage(c, deps, { schedule, values: valuesOf(c, schedule) }));
  });
  pages.post('/schedules/:id/edit', allowed('schedules.edit'), (c) => edit(c, deps));
}

type Account = Awaited<ReturnType<typeof accountsOf>>[number];
type Values = Readonly<
  Record<'text' | 'publishAt' | 'publishBefore' | 'accountId' | 'options' | 'approvalRequired', string>
>;

interface Shown {
  readonly schedule: ScheduleRow;
  readonly values: Values;
  readonly sentence?: string;
  readonly problems?: readonly FieldProblem[];
  /** What stands by now, beside what was typed. */
  readonly other?: Html;
}

async function scheduleOf(c: PageContext, { ledger }: PagesDeps): Promise<ScheduleRow> {
  const schedule = await findSchedule(ledger, c.get('caller').workspaceId, scheduleIdOf(c));
  if (schedule) return schedule;
  throw nothingHere();
}

function valuesOf(c: PageContext, { content, delivery, accountId, publishAt, publishBefore }: ScheduleRow): Values {
  return {
    text: content.text,
    publishAt: writeLocalTime(c, publishAt),
    publishBefore: publishBefore === null ? '' : writeLocalTime(c, publishBefore),
    accountId,
    options: JSON.stringify(delivery.options),
    approvalRequired: delivery.approvalRequired ? 'yes' : '',
  };
}

async function editPage(c: PageContext, deps: PagesDeps, shown: Shown): Promise<Html> {
  const { schedule, values, sentence = null, problems = [], other = NOTHING } = shown;
  const base = `/schedules/${encodeURIComponent(schedule.id)}`;
  const accounts = (await accountsOf(deps.ledger, schedule.workspaceId)).filter(
    ({ deleted, platform }) => !deleted && platform === schedule.platform,
  );
  const gone = accounts.every(({ id }) => id !== schedule.accountId);
  const media = schedule.content.media.length;
  const body = html`<h1>Edit <a href="${base}">${schedule.id}</a></h1>
${problemSummary(sentence)}${gone ? accountGone(platformLabel(c, schedule.platform), accounts.length) : NOTHING}${other}
${postForm(
  c,
  `${base}/edit`,
  html`<input type="hidden" name="expectedFingerprint" value="${schedule.fingerprint}">
${textField({ name: 'text', label: 'Text', value: values.text, rows: 8, problems })}
${media === 0 ? NOTHING : html`<p class="fact">Its ${media} media are changed on <a href="${base}/media">a page of their own</a>.</p>`}
<div class="fields">${accountField(accounts, gone && values.accountId === schedule.accountId ? '' : values.accountId, problems)}
${inputField({ name: 'publishAt', label: 'Due', type: 'datetime-local', value: values.publishAt, required: true, hint: `in ${c.get('zone')}`, problems })}
${inputField({ name: 'publishBefore', label: 'Not after', type: 'datetime-local', value: values.publishBefore, hint: 'past it nothing is published any more; empty: whenever it can', problems })}</div>
${textField({ name: 'options', label: `Options of ${platformLabel(c, schedule.platform)}`, value: values.options, rows: 2, hint: 'JSON, as the platform documents them', problems })}
${checkField({ name: 'approvalRequired', label: 'It goes out only once this version is approved', value: values.approvalRequired })}
<div class="buttons"><button class="main">Save as a new version</button> <a href="${base}">Leave it as it is</a></div>`,
)}`;
  return page(c, { title: `Edit ${schedule.id}`, room: '/schedules', body });
}

/** Of an account that is gone nothing is chosen in its place: another one is somebody's decision. */
function accountField(accounts: readonly Account[], value: string, problems: readonly FieldProblem[]): Html {
  const standing = accounts.map(({ id, name }) => ({ value: id, label: name }));
  const options = value === '' ? [{ value, label: 'Choose the account' }, ...standing] : standing;
  return selectField({ name: 'accountId', label: 'Account', value, required: true, options, problems });
}

function accountGone(platform: string, others: number): Html {
  const way =
    others === 0
      ? html`No other account of ${platform} is connected: <a href="/connections">connect one</a>, then choose it here.`
      : html`Choose another one below; once the new version stands, replay it.`;
  return html`<p class="notice refused">The account it is meant for is gone or no longer matches, so nothing is published. ${way}</p>`;
}

function barredPage(c: PageContext, { id }: ScheduleRow, bar: string): Html {
  const base = `/schedules/${encodeURIComponent(id)}`;
  const body = html`<h1>Edit <a href="${base}">${id}</a></h1>
<p class="notice refused">${bar} <a href="${base}">Back to its story</a></p>`;
  return page(c, { title: `Edit ${id}`, room: '/schedules', body });
}

async function edit(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const schedule = await scheduleOf(c, deps);
  const values = { ...valuesOf(c, schedule), ...form, approvalRequired: form.approvalRequired ?? '' };
  const again = async (more: Pick<Shown, 'sentence' | 'problems' | 'other'>, status: 409 | 422) =>
    c.html(await editPage(c, deps, { schedule, values, ...more }), status);
  const request = requestOf(c, form, schedule);
  if (!request.success) return again({ sentence: NOTHING_STORED, problems: fieldProblems(request.error) }, 422);
  try {
    const reply = await editSchedule(deps, { caller: c.get('caller'), scheduleId: schedule.id, request: request.data });
    if (!reply) throw nothingHere();
    if (reply.kind === 'refused') {
      const other = reply.reason === 'version_changed' ? presentVersion(reply.schedule) : NOTHING;
      return again({ sentence: EDIT_REFUSALS[reply.reason], other }, 409);
    }
    leaveNotice(c, deps, { kind: 'done', text: doneWords(reply.changed, schedule) });
    return c.redirect(`/schedules/${encodeURIComponent(schedule.id)}`, 303);
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    return again({ sentence: NOTHING_STORED, problems: error.problems }, 422);
  }
}

/** A new time makes what has failed go out by itself; nothing else does. */
function doneWords(changed: readonly VersionChange[], { state }: ScheduleRow): string {
  if (changed.length === 0) return 'Nothing was different, so nothing was changed.';
  const waits = (state === 'failed' || state === 'repair_required') && !changed.includes('time_changed');
  return waits ? 'The new version stands; it goes out once it is replayed.' : 'The new version stands.';
}

const NOTHING_STORED = 'Something does not fit, so nothing was stored; it is said beside the field.';

/** Only what the form changed is asked for: the same time typed again is no new time. */
function requestOf(c: PageContext, form: Readonly<Record<string, string>>, schedule: ScheduleRow) {
  const before = valuesOf(c, schedule);
  const instant = (text: string) => (text === '' ? null : (readLocalTime(c, text) ?? text));
  const changed = (name: 'publishAt' | 'publishBefore') => (form[name] ?? '') !== before[name];
  return editRequestSchema.safeParse({
    expectedFingerprint: form.expectedFingerprint,
    text: (form.text ?? '').replaceAll('\r\n', '\n'),
    accountId: form.accountId,
    approvalRequired: form.approvalRequired === 'yes',
    options: readJson(form.options ?? ''),
    ...(changed('publishAt') ? { publishAt: instant(form.publishAt ?? '') } : {}),
    ...(changed('publishBefore') ? { publishBefore: instant(form.publishBefore ?? '') } : {}),
  } satisfies Record<keyof Omit<EditRequest, 'media' | 'publishAt' | 'publishBefore'>, unknown>);
}

/** What is no JSON is left as it is, for the schema to refuse. */
function readJson(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return text;
  }
}

function presentVersion({ content, publishAt }: ScheduleRow): Html {
  return html`<section class="preview"><h2>The present version</h2><p class="fact">due ${publishAt.toISOString()}</p><div class="post-text">${content.text}</div>
<p class="fact">What you typed stands below; send it again to replace this version.</p></section>`;
}
