// Reads temporal.yaml once, at start. What comes back is complete and consistent, or the start stops with one sentence.
import { LineCounter } from 'yaml';
import type { z } from 'zod';
import { conflictsIn } from './cross-field.ts';
import { type KeyPath, placeOf } from './place-of.ts';
import { readDocument } from './read-document.ts';
import { settingsFileSchema } from './schema.ts';
import type { Settings } from './settings.ts';
import { SettingsRefused } from './settings-refused.ts';
import { toSettings } from './to-settings.ts';

/**
 * The settings of the file at `path`. `platforms` are the platforms there are: a visibility horizon for any other
 * name is then refused as an unknown key.
 *
 * @throws {SettingsRefused} when the file cannot be read, is not YAML, or breaks a rule; for the first thing wrong.
 */
export function loadSettings(path: string, platforms?: readonly string[]): Settings {
  const lines = new LineCounter();
  const document = readDocument(path, lines);
  const refuse = (key: KeyPath, reason: string): never => {
    const { line, column } = placeOf(document, key, lines);
    const inList = key.some((part) => typeof part === 'number');
    throw new SettingsRefused({ file: path, line, ...(inList ? { column } : {}), key: key.join('.') }, reason);
  };

  const checked = settingsFileSchema.safeParse(document.toJS(), { reportInput: true });
  if (!checked.success) {
    // A misspelt key is also a missing one; the misspelling is the better thing to name.
    const issues = checked.error.issues;
    const first = issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0];
    if (first) refuse(...describe(first));
    throw checked.error;
  }
  for (const conflict of conflictsIn(checked.data)) refuse(conflict.path, conflict.reason);
  for (const name of Object.keys(checked.data.reconcile.visibility_horizon)) {
    if (!platforms || name === 'default' || platforms.includes(name)) continue;
    const key = ['reconcile', 'visibility_horizon', name];
    refuse(key, `${key.join('.')} names no platform; allowed: the keys default, ${platforms.join(', ')}.`);
  }
  return toSettings(checked.data);
}

/** The key and the sentence for one thing the schema refused; the schema's message is what is allowed. */
function describe(issue: z.core.$ZodIssue): [KeyPath, string] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') {
    const unknown = [...path, ...issue.keys.slice(0, 1)];
    return [unknown, `${unknown.join('.')} is not a setting; allowed: ${issue.message}.`];
  }
  if (issue.code === 'invalid_key') {
    return [path, `${path.join('.')} is no name for this; allowed: ${issue.issues[0]?.message}.`];
  }
  const subject = path.length === 0 ? 'the file' : path.join('.');
  const value = issue.code === 'invalid_union' ? chosenBy(issue.input, path.at(-1)) : issue.input;
  const found = value === undefined ? 'is missing' : `is ${shown(value)}`;
  return [path, `${subject} ${found}; allowed: ${issue.message}.`];
}

/** Where one key says which others there are, the schema complains of the whole group, at that key. */
function chosenBy(group: unknown, key: string | number | undefined): unknown {
  const entries = typeof group === 'object' && group !== null ? Object.entries(group) : [];
  return entries.find(([name]) => name === key)?.[1];
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'empty';
  if (typeof value === 'object') return 'a group of keys';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
