// How the members of an incident are replayed together: the pace, and which of them are too old.
import { html } from 'hono/html';
import { type Pace, paceSchema } from '../../domain/schedules/pace.ts';
import { instantOfLocal } from '../../domain/text/local-time.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, postForm } from '../shell/parts.ts';

type Form = Readonly<Record<string, string>>;

export interface BatchFormShape {
  readonly action: string;
  readonly label: string;
  /** What was sent before and could not be used; empty at first. */
  readonly form: Form;
}

/** The form. */
export function batchForm(c: PageContext, { action, label, form }: BatchFormShape): Html {
  const pace = form.pace ?? 'at_once';
  const zone = c.get('zone');
  const radio = (value: string, words: Html) =>
    html`<label><input type="radio" name="pace" value="${value}" ${pace === value ? html`checked` : NOTHING}> ${words}</label>`;
  const content = html`<fieldset><legend>Pace</legend>
${radio('at_once', html`at once`)}
<span class="choice">${radio('every', html`one every`)} <label><span class="unseen">Minutes between two</span><input type="number" name="minutes" min="1" max="10080" value="${form.minutes ?? '5'}"></label> minutes</span>
<span class="choice">${radio('until', html`spread until`)} <label><span class="unseen">The time of the last one (${zone})</span><input type="datetime-local" name="until" value="${form.until ?? ''}"></label></span>
</fieldset>
<label>Skip what was due before (${zone}) <input type="datetime-local" name="skipOlder" value="${form.skipOlder ?? ''}"></label>
<label>Why (for the record) <input name="note" maxlength="2000" value="${form.note ?? ''}"></label>
<p class="fact">Each passes the gate by itself; where an earlier call may have left, the platform is asked first. It goes on when you close the browser.</p>
<span class="ends"><button class="main">${label}</button></span>`;
  return postForm(c, action, content, html`class="fields narrow"`);
}

export type BatchAsk = { readonly pace: Pace; readonly skipOlder: string | null; readonly note?: string };

/** What the form asks for, or what is wrong with it, in one sentence. */
export function readBatchForm(form: Form, zone: string, now: Date): BatchAsk | { readonly problem: string } {
  const pace = paceOf(form, zone);
  if (pace === null) return { problem: 'Choose a pace: minutes from 1 to 10080, or a day and a time to spread until.' };
  if (pace.kind === 'until' && Date.parse(pace.at) <= now.getTime())
    return { problem: 'The time to spread until must lie ahead.' };
  const skipOlder = form.skipOlder ? instantOfLocal(form.skipOlder, zone) : null;
  if (form.skipOlder && skipOlder === null)
    return { problem: 'Choose a day and a time before which they are skipped, or none.' };
  const note = form.note?.trim();
  return { pace, skipOlder: skipOlder?.toISOString() ?? null, ...(note ? { note } : {}) };
}

function paceOf(form: Form, zone: string): Pace | null {
  const named = {
    at_once: { kind: 'at_once' },
    every: { kind: 'every', minutes: Number(form.minutes) },
    until: { kind: 'until', at: instantOfLocal(form.until ?? '', zone)?.toISOString() },
  }[form.pace ?? ''];
  return paceSchema.safeParse(named).data ?? null;
}
