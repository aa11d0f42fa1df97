// Fields of forms: a label, the control, what it is for, and what was wrong with it.
import { html, raw } from 'hono/html';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { type Html, NOTHING } from './parts.ts';

interface FieldShape {
  readonly name: string;
  readonly label: string;
  /** What it is for, or how it is written. */
  readonly hint?: string | undefined;
  readonly value?: string | undefined;
  readonly required?: boolean;
  readonly problems?: readonly FieldProblem[] | undefined;
}

interface Described {
  readonly attributes: Html;
  readonly below: Html;
}

/** What is wrong with the field stands below it and is read with it. */
function describe({ name, hint, required = false, problems = [] }: FieldShape): Described {
  const wrong = problems.filter(({ field }) => field === name || field.startsWith(`${name}.`));
  const ids = [...(hint ? [`${name}-hint`] : []), ...(wrong.length > 0 ? [`${name}-problem`] : [])].join(' ');
  const below = html`${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : NOTHING}${
    wrong.length > 0
      ? html`<p class="problem" id="${name}-problem">${wrong.map(({ field, problem, limit }) => html`${field === name ? '' : `${field}: `}${problem}${limit && !problem.includes(limit) ? ` (${limit})` : ''}. `)}</p>`
      : NOTHING
  }`;
  const attributes = html`id="${name}" name="${name}" ${required ? raw('required') : NOTHING} ${ids === '' ? NOTHING : html`aria-describedby="${ids}"`} ${wrong.length > 0 ? raw('aria-invalid="true"') : NOTHING}`;
  return { attributes, below };
}

/** One line. */
export function inputField(shape: FieldShape & { readonly type?: string; readonly attributes?: Html }): Html {
  const { attributes, below } = describe(shape);
  return html`<div class="field"><label for="${shape.name}">${shape.label}</label><input type="${shape.type ?? 'text'}" ${attributes} ${shape.attributes ?? NOTHING} value="${shape.value ?? ''}">${below}</div>`;
}

/** Several lines. */
export function textField(shape: FieldShape & { readonly rows?: number }): Html {
  const { attributes, below } = describe(shape);
  return html`<div class="field"><label for="${shape.name}">${shape.label}</label><textarea ${attributes} rows="${shape.rows ?? 4}">
${shape.value ?? ''}</textarea>${below}</div>`;
}

/** One of several. */
export function selectField(
  shape: FieldShape & { readonly options: readonly { readonly value: string; readonly label: string }[] },
): Html {
  const { attributes, below } = describe(shape);
  const options = shape.options.map(
    ({ value, label }) =>
      html`<option value="${value}" ${value === shape.value ? raw('selected') : NOTHING}>${label}</option>`,
  );
  return html`<div class="field"><label for="${shape.name}">${shape.label}</label><select ${attributes}>${options}</select>${below}</div>`;
}

/** Yes or no. */
export function checkField({ name, label, value }: Pick<FieldShape, 'name' | 'label' | 'value'>): Html {
  return html`<div class="field check"><label><input type="checkbox" name="${name}" value="yes" ${value === 'yes' ? raw('checked') : NOTHING}> ${label}</label></div>`;
}

/** What is wrong with the form as a whole, and how many things in it; nothing when nothing is. */
export function problemSummary(sentence: string | null): Html {
  return sentence === null ? NOTHING : html`<p class="notice refused" role="alert">${sentence}</p>`;
}
