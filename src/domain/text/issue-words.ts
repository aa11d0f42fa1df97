// What a person reads of a value that does not fit: what it must be, and the limit with its unit.
import type { z } from 'zod';

export interface IssueWords {
  readonly problem: string;
  readonly limit?: string | undefined;
}

/** zod's own messages; where a schema brings its words, those are kept. */
const OWN_MESSAGE = /^(Invalid input|Invalid option|Too big|Too small)/;

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
};

/** The words for one issue of a schema. */
export function issueWords(issue: z.core.$ZodIssue): IssueWords {
  const own = OWN_MESSAGE.test(issue.message);
  if (issue.code === 'too_big') return bound(issue, `at most ${counted(issue.maximum, issue.origin)}`, own);
  if (issue.code === 'too_small') {
    const least = issue.inclusive === false ? 'more than' : 'at least';
    return bound(issue, `${least} ${counted(issue.minimum, issue.origin)}`, own);
  }
  if (issue.code === 'custom') return { problem: issue.message, limit: limitIn(issue.params) };
  if (!own) return { problem: issue.message };
  if (issue.code === 'invalid_value')
    return { problem: `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}` };
  if (issue.code === 'invalid_type') return { problem: wrongType(issue.expected, issue.message) };
  return { problem: issue.message };
}

function bound(issue: { origin: string; message: string }, limit: string, own: boolean): IssueWords {
  if (!own) return { problem: issue.message, limit };
  return { problem: `must ${issue.origin in UNITS ? 'have' : 'be'} ${limit}`, limit };
}

function counted(count: number | bigint, origin: string): string {
  const unit = UNITS[origin]?.[Number(count) === 1 ? 0 : 1];
  return unit === undefined ? String(count) : `${count} ${unit}`;
}

function wrongType(expected: string, message: string): string {
  const must = `must be ${TYPES[expected] ?? expected}`;
  // An issue does not carry the value, but its message names the type.
  const received = /received (\w+)$/.exec(message)?.[1];
  if (received === undefined || received === 'number') return must;
  return received === 'undefined' ? `is missing: it ${must}` : `${must}, not ${TYPES[received] ?? received}`;
}

function limitIn(params: Record<string, unknown> | undefined): string | undefined {
  return typeof params?.limit === 'string' ? params.limit : undefined;
}
