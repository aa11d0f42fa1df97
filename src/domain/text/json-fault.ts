// Whether a value that somebody sent is JSON that can be stored, hashed and sent on without losing anything on the way.
import { isPlainText, NOT_PLAIN } from './plain-text.ts';

/** The first thing in a value that is not as it must be, and where it stands. */
export interface JsonFault {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly limit?: string;
}

const NOT_JSON = 'must be JSON: text, finite numbers, true, false, null, lists and objects';

/** The first fault of the value, or null. What is nested deeper than `levels` is not walked any further. */
export function jsonFault(value: unknown, levels: number, path: JsonFault['path'] = []): JsonFault | null {
  if (typeof value === 'string') return isPlainText(value) ? null : { path, problem: NOT_PLAIN };
  if (typeof value === 'boolean' || value === null || Number.isFinite(value)) return null;
  if (typeof value !== 'object' || !isListOrPlainObject(value)) return { path, problem: NOT_JSON };
  if (path.length > levels) return { path: [], problem: 'is nested too deeply', limit: `at most ${levels} levels` };
  return faultInside(value, levels, path);
}

function faultInside(value: object, levels: number, path: JsonFault['path']): JsonFault | null {
  for (const [key, inner] of Object.entries(value)) {
    if (!isPlainText(key)) return { path, problem: `has a key that is not stored as it is: it ${NOT_PLAIN}` };
    const fault = jsonFault(inner, levels, [...path, key]);
    if (fault) return fault;
  }
  return null;
}

/** Not a date, a map or another thing with manners of its own; of any realm. */
function isListOrPlainObject(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
