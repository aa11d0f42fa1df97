// The form in which the secrets of an account are asked for.
import { html } from 'hono/html';
import type { SecretField } from '../../platforms/contract.ts';
import { type Html, NOTHING } from '../shell/parts.ts';

/** One labelled field of a form. */
export interface FieldShape {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly type?: 'text' | 'password';
  readonly required?: boolean;
}

/** `of` tells apart the forms of one page. */
export function field({ name, label, help, type = 'text', required = false }: FieldShape, of = 'field'): Html {
  const id = `${of}-${name}`;
  const hint = help === undefined ? NOTHING : html`<span class="fact" id="${id}-help">${help}</span>`;
  const described = help === undefined ? NOTHING : html`aria-describedby="${id}-help"`;
  const optional = required ? NOTHING : html` <span class="fact">(may be left out)</span>`;
  return html`<div class="field"><label for="${id}">${label}${optional}</label>
<input id="${id}" name="${name}" type="${type}" autocomplete="off" autocapitalize="off" spellcheck="false" ${required ? html`required` : NOTHING} ${described}>${hint}</div>`;
}

/** The fields of a platform, in its order. */
export function secretFields(fields: readonly SecretField[]): Html {
  return html`${fields.map(({ name, label, help, secret, required }) =>
    field({ name, label, help, type: secret ? 'password' : 'text', required }),
  )}`;
}

/** Of a form, what belongs to the platform's fields. */
export function secretsIn(form: Readonly<Record<string, string>>, fields: readonly SecretField[]) {
  return Object.fromEntries(fields.flatMap(({ name }) => (form[name] ? [[name, form[name]]] : [])));
}
