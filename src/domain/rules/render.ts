// A rule's texts, filled with what the event says.
import type { OpsEvent } from '../events/event.ts';
import { SLUG_CHARS } from '../pipeline/run-id.ts';
import { toPlainText } from '../text/plain-text.ts';
import { valueAtPath } from './condition.ts';
import type { RuleAction } from './rule.ts';

const PLACE = /\{([A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,4})\}/g;
/** Of one value that is put in; the whole text has a limit of its own where it goes. */
const MOST_CHARS = 100_000;

/** Each `{path}` stands for the text there; for nothing where there is none. What was put in is not read again. */
function rendered(template: string, event: OpsEvent): string {
  return template.replace(PLACE, (_, path: string) => textOf(valueAtPath(event, path)));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : toPlainText(String(value), MOST_CHARS);
}

/** A text as a slug: lower-case letters and digits, with single dashes between; accents go, other scripts leave nothing. */
function asSlug(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_CHARS)
    .replace(/^-+|-+$/g, '');
}

/** The action with its texts filled in. */
export function filled(action: RuleAction, event: OpsEvent): RuleAction {
  const text = (template: string) => rendered(template, event);
  const values = (given: Readonly<Record<string, string | number | boolean>>) =>
    Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? text(value) : value]),
    );
  switch (action.do) {
    case 'start_run': {
      const files = Object.fromEntries(Object.entries(action.files).map(([name, value]) => [name, text(value)]));
      const title = action.title === undefined ? {} : { title: text(action.title) };
      return { ...action, slug: asSlug(text(action.slug)), ...title, files };
    }
    case 'publish':
      return { ...action, text: text(action.text), options: values(action.options) };
    case 'notify':
      return { ...action, says: text(action.says) };
    case 'emit':
      return { ...action, content: values(action.content) };
  }
}
