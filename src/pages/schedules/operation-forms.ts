// The forms of an operator's words to one publish: what each asks for, and the message it becomes.
import { html } from 'hono/html';
import { HANDOFF_REASON_NAMES, HANDOFF_REASONS } from '../../domain/handoff/reasons.ts';
import type { Operation } from '../../domain/people/operations.ts';
import type { Offer, ScheduleView } from '../../domain/schedules/schedule-view.ts';
import { instantOfLocal, localOf } from '../../domain/text/local-time.ts';
import type { PageContext } from '../deps.ts';
import { inputField, selectField } from '../shell/fields.ts';
import { type Html, NOTHING } from '../shell/parts.ts';

export type Form = Readonly<Record<string, string>>;

/** The body of a message, or what is wrong with the form, in one sentence. */
export type MessageBody =
  | { readonly body: Readonly<Record<string, unknown>>; readonly problem?: never }
  | { readonly problem: string; readonly body?: never };

export interface OperationForm {
  readonly name: Exclude<Offer['message'], 'replay' | 'edit' | 'review'>;
  readonly operation: Operation;
  readonly heading: string;
  /** What pressing the button does, and what stays safe. */
  readonly explains: string;
  readonly button: string;
  readonly done: string;
  readonly fields: (c: PageContext, view: ScheduleView, given: Form) => Html;
  readonly read: (form: Form, zone: string) => MessageBody;
}

const note = (label: string, given: Form, name = 'note') =>
  html`<label>${label} <textarea name="${name}" maxlength="2000" rows="3">${given[name] ?? ''}</textarea></label>`;

/** What was left empty says nothing. */
function given(form: Form, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = form[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

const CANCEL: OperationForm = {
  name: 'cancel',
  operation: 'publish.cancel',
  heading: 'Cancel it?',
  explains:
    'It will not be published any more, and cannot be replayed. Once a call for it may have left, this is refused.',
  button: 'Cancel the publish',
  done: 'It is canceled.',
  fields: (_c, _view, form) => note('Why (for the record)', form),
  read: (form) => ({ body: given(form, 'note') }),
};

const RESUME: OperationForm = {
  name: 'resume',
  operation: 'publish.replay',
  heading: 'Try again now?',
  explains:
    'It waits for a platform that could not be reached. The wait is cut short; if an earlier call may have left, the platform is asked first.',
  button: 'Try again now',
  done: 'It tries again now.',
  fields: (_c, _view, form) => note('Why (for the record)', form),
  read: (form) => ({ body: given(form, 'note') }),
};

const HANDOFF_CHOICES = HANDOFF_REASON_NAMES.filter((name) => name !== 'chosen_per_schedule').map((value) => {
  return { value, label: HANDOFF_REASONS[value].label };
});

const HANDOFF: OperationForm = {
  name: 'handoff',
  operation: 'publish.handoff',
  heading: 'Hand it to a person?',
  explains: 'Oncepost will not publish it any more: somebody does it by hand, and records where it went live.',
  button: 'Hand it over',
  done: 'It waits for a person now.',
  fields: (_c, _view, form) =>
    html`${selectField({ name: 'reason', label: 'Why', options: HANDOFF_CHOICES, value: form.reason })}
${inputField({ name: 'owner', label: 'Who publishes it', hint: 'Left empty, whoever takes it.', value: form.owner })}
${note('Note', form)}`,
  read: (form) => ({ body: given(form, 'owner', 'reason', 'note') }),
};

const RESCHEDULE: OperationForm = {
  name: 'reschedule',
  operation: 'publish.reschedule',
  heading: 'Give it another time',
  explains:
    'It goes out at the new time, through the gate like any other. Once a call for it may have left, this is refused.',
  button: 'Set the new time',
  done: 'It has a new time.',
  fields: (c, view, form) => {
    const zone = c.get('zone');
    const value = form.publishAt ?? localOf(new Date(view.schedule.publishAt), zone);
    return html`<label>New time (${zone}) <input type="datetime-local" name="publishAt" required value="${value}"></label>`;
  },
  read: (form, zone) => {
    const at = instantOfLocal(form.publishAt ?? '', zone);
    return at ? { body: { publishAt: at.toISOString() } } : { problem: 'Choose a day and a time.' };
  },
};

const RESOLVE: OperationForm = {
  name: 'resolve',
  operation: 'publish.resolve',
  heading: 'Is it live?',
  explains:
    'Look at the account itself, or let the platform show its list, then say what you saw. Live: it is recorded under that id and never sent again. Not live: it counts as failed, and a replay asks the platform once more before it sends anything.',
  button: 'Record the decision',
  done: 'The decision is recorded.',
  fields: (_c, _view, form) => html`<fieldset><legend>What you saw</legend>
<label><input type="radio" name="verdict" value="live" ${checked(form.verdict === 'live')}> It is live</label>
<label><input type="radio" name="verdict" value="not_live" ${checked(form.verdict === 'not_live')}> It is not live</label></fieldset>
<label>The post's id, where it is live <input name="platformPostId" maxlength="200" value="${form.platformPostId ?? ''}"></label>
<label>Its address, if you have it <input type="url" name="url" maxlength="2048" value="${form.url ?? ''}"></label>
<label>What you saw and where <textarea name="evidence" maxlength="2000" rows="3">${form.evidence ?? ''}</textarea></label>`,
  read: readDecision,
};

/** `picked` is a post of the platform's own list: its id, and its address behind a space where it has one. */
function readDecision(form: Form): MessageBody {
  const [pickedId, pickedUrl] = form.picked?.split(' ') ?? [];
  const picked = pickedId ? { platformPostId: pickedId, ...(pickedUrl ? { url: pickedUrl } : {}) } : null;
  const evidence =
    form.evidence?.trim() || (picked ? "Picked from the platform's own list of the account's posts." : '');
  const verdict = picked ? 'live' : form.verdict;
  if (verdict !== 'live' && verdict !== 'not_live') return { problem: 'Say whether it is live.' };
  if (evidence === '') return { problem: 'Say what you saw and where: it is the evidence for the record.' };
  if (verdict === 'not_live') return { body: { verdict, evidence } };
  const post = picked ?? given(form, 'platformPostId', 'url');
  if (!('platformPostId' in post)) return { problem: "Name the post's id, or pick the post from the platform's list." };
  return { body: { verdict, evidence, ...post } };
}

const checked = (is: boolean) => (is ? html`checked` : NOTHING);

export const OPERATION_FORMS: readonly OperationForm[] = [CANCEL, RESUME, HANDOFF, RESCHEDULE, RESOLVE];
