// The field of a form by which an artifact is handed in.
import { html } from 'hono/html';
import { isGroup } from '../../domain/pipeline/artifact-names.ts';
import { isTextType } from '../../pipeline/runners/media-types.ts';
import { inputField, textField } from '../shell/fields.ts';
import type { Html } from '../shell/parts.ts';

/** Text is typed, everything else chosen as a file. `value`: what was typed before. */
export function artifactField(name: string, mediaType: string, value?: string): Html {
  const field = `file:${name}`;
  if (isGroup(name)) {
    const hint = 'as many as there are, each under the name by which the text shows it';
    const attributes = html`accept="${name.slice(1)}" multiple`;
    return inputField({ name: field, label: `Pictures, ${name}`, type: 'file', hint, attributes });
  }
  if (isTextType(mediaType)) return textField({ name: field, label: name, value, rows: 8, required: true });
  const hint = `one file of the type ${mediaType}, whatever it is called`;
  return inputField({
    name: field,
    label: name,
    type: 'file',
    hint,
    required: true,
    attributes: html`accept="${mediaType}"`,
  });
}
