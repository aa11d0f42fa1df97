// The arguments of a tool as the settings write them: JSON in which a string may be one whole placeholder.
import type { z } from 'zod';

type Json = z.core.util.JSONType;

/** What of a post may stand in an argument. */
export const PLACEHOLDERS = [
  'title',
  'slug',
  'zone',
  'html',
  'markdown',
  'excerpt',
  'tags',
  'canonical_url',
  'idempotency_key',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

export type ArgumentTemplate = Readonly<Record<string, Json>>;

const WHOLE = /^\{([a-z_]+)\}$/;

/** The name in a string that is one placeholder, whether or not there is such a one; null: it is a text like any other. */
function placeholderIn(text: string): string | null {
  return WHOLE.exec(text)?.[1] ?? null;
}

/** Every name of a placeholder in it, at whatever depth. */
export function placeholdersOf(template: Json | undefined): string[] {
  if (typeof template === 'string') return [placeholderIn(template) ?? []].flat();
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap(placeholdersOf);
}

/** What the placeholders stand for; one that is left out takes its argument with it. */
export type Filling = Readonly<Partial<Record<Placeholder, Json>>>;

export type ToolArguments = Record<string, Json>;

/** The arguments themselves. Pure. */
export function filled(template: ArgumentTemplate, filling: Filling): ToolArguments {
  const entries = Object.entries(template).flatMap(([name, value]) => {
    const argument = fill(value, filling);
    return argument === undefined ? [] : [[name, argument] as const];
  });
  return Object.fromEntries(entries);
}

function fill(value: Json, filling: Filling): Json | undefined {
  if (typeof value === 'string') {
    const name = placeholderIn(value);
    return name === null ? value : new Map<string, Json | undefined>(Object.entries(filling)).get(name);
  }
  if (Array.isArray(value)) return value.flatMap((item) => [fill(item, filling)].filter((one) => one !== undefined));
  return typeof value === 'object' && value !== null ? filled(value, filling) : value;
}
