// The conditions of a rule (operations O4): what stands at a path of an event, compared with a value. Pure, and each costs a bounded
// number of steps.
import { z } from 'zod';
import { matchesGlob } from './glob.ts';

/** More would be a language. */
export const MOST_CONDITIONS = 20;
const MOST_SEGMENTS = 5;
const MOST_VALUES = 100;
const MOST_CHARS = 500;

const segment = /^[A-Za-z0-9_-]{1,64}$/;

/** `content.post.title`: names and places in lists, joined by dots. */
export const pathSchema = z
  .string()
  .refine((path) => path.split('.').length <= MOST_SEGMENTS, `has at most ${MOST_SEGMENTS} segments`)
  .refine((path) => path.split('.').every((part) => segment.test(part)), 'is names joined by dots, like content.title');

const scalarSchema = z.union([z.string().max(MOST_CHARS), z.number(), z.boolean(), z.null()]);
export type Scalar = z.infer<typeof scalarSchema>;

const one = <Op extends string>(op: Op) => z.strictObject({ path: pathSchema, op: z.literal(op), value: scalarSchema });
const order = <Op extends string>(op: Op) =>
  z.strictObject({ path: pathSchema, op: z.literal(op), value: z.union([z.number(), z.string().max(MOST_CHARS)]) });
const several = <Op extends string>(op: Op) =>
  z.strictObject({ path: pathSchema, op: z.literal(op), value: z.array(scalarSchema).max(MOST_VALUES) });
const none = <Op extends string>(op: Op) => z.strictObject({ path: pathSchema, op: z.literal(op) });

export const conditionSchema = z
  .discriminatedUnion('op', [
    one('eq'),
    one('neq'),
    several('in'),
    several('not_in'),
    one('contains'),
    one('not_contains'),
    z.strictObject({ path: pathSchema, op: z.literal('matches'), value: z.string().max(MOST_CHARS) }),
    order('lt'),
    order('lte'),
    order('gt'),
    order('gte'),
    none('exists'),
    none('not_exists'),
  ])
  .meta({ id: 'RuleCondition' });
export type Condition = z.infer<typeof conditionSchema>;

/** What stands at the path; undefined where nothing does. What a value merely inherits does not count. */
export function valueAtPath(document: unknown, path: string): unknown {
  let value = document;
  for (const part of path.split('.')) {
    if (Array.isArray(value)) value = /^\d+$/.test(part) ? value[Number(part)] : undefined;
    else if (typeof value === 'object' && value !== null)
      value = Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
    else return undefined;
  }
  return value;
}

/**
 * Whether the condition holds for the document. Values are compared as what they are: a number never equals a text. What is not there, and
 * what cannot be compared so, holds no positive condition; `neq`, `not_in`, `not_contains` and `not_exists` are exactly the contrary of
 * theirs.
 */
export function holds(condition: Condition, document: unknown): boolean {
  const found = valueAtPath(document, condition.path);
  switch (condition.op) {
    case 'eq':
      return found === condition.value;
    case 'neq':
      return found !== condition.value;
    case 'in':
      return condition.value.some((value) => value === found);
    case 'not_in':
      return !condition.value.some((value) => value === found);
    case 'contains':
      return containsValue(found, condition.value);
    case 'not_contains':
      return !containsValue(found, condition.value);
    case 'matches':
      return typeof found === 'string' && matchesGlob(condition.value, found);
    case 'lt':
      return compared(found, condition.value, (order) => order < 0);
    case 'lte':
      return compared(found, condition.value, (order) => order <= 0);
    case 'gt':
      return compared(found, condition.value, (order) => order > 0);
    case 'gte':
      return compared(found, condition.value, (order) => order >= 0);
    case 'exists':
      return found !== undefined;
    case 'not_exists':
      return found === undefined;
  }
}

/** A text holds a piece of itself, a list one of its values. */
function containsValue(found: unknown, value: Scalar): boolean {
  if (typeof found === 'string') return typeof value === 'string' && found.includes(value);
  return Array.isArray(found) && found.includes(value);
}

/** Numbers by size, texts by their characters' code units, so that ISO instants in UTC stand in their order. */
function compared(found: unknown, value: number | string, says: (order: number) => boolean): boolean {
  if (typeof found === 'number' && typeof value === 'number') return says(found - value);
  if (typeof found !== 'string' || typeof value !== 'string') return false;
  if (found === value) return says(0);
  return says(found < value ? -1 : 1);
}
