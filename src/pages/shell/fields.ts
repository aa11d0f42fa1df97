// The fields of forms, each with its label and, where it helps, a hint that is read with it.
import { html, raw } from 'hono/html';
import { type Html, NOTHING } from './parts.ts';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

interface TextField extends Field {
  readonly type?: 'text' | 'url' | 'datetime-local';
  readonly value?: string;
  readonly required?: true;
}

/** A field of one line. */
export function textField({ name, label, hint, type = 'text', value = '', required }: TextField): Html {
  return html`<div class="field"><label for="f-${name}">${label}</label>
<input id="f-${name}" name="${name}" type="${type}" value="${value}" ${required ? raw('required') : NOTHING} ${describedBy(name, hint)}>${hintOf(name, hint)}</div>`;
}

/** A field of several lines. */
export function areaField({
  name,
  label,
  hint,
  value = '',
  rows = 3,
}: Field & { value?: string; rows?: number }): Html {
  return html`<div class="field"><label for="f-${name}">${label}</label>
<textarea id="f-${name}" name="${name}" rows="${rows}" ${describedBy(name, hint)}>${value}</textarea>${hintOf(name, hint)}</div>`;
}

/** One of several choices; the first is chosen. */
export function choiceField({
  name,
  label,
  hint,
  choices,
}: Field & { choices: readonly (readonly [string, string])[] }): Html {
  const options = choices.map(([value, words]) => html`<option value="${value}">${words}</option>`);
  return html`<div class="field"><label for="f-${name}">${label}</label>
<select id="f-${name}" name="${name}" ${describedBy(name, hint)}>${options}</select>${hintOf(name, hint)}</div>`;
}

function describedBy(name: string, hint: string | undefined): Html {
  return hint === undefined ? NOTHING : html`aria-describedby="h-${name}"`;
}

function hintOf(name: string, hint: string | undefined): Html {
  return hint === undefined ? NOTHING : html`<span id="h-${name}" class="reason">${hint}</span>`;
}
