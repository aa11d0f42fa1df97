// What may be told of an error, in a log, in Temporal or on a terminal: kind, code, place, and a sentence without
// secrets. An error of the database also carries the values of its statement and whole rows: those go nowhere (law 9).
import { redact } from '../domain/text/redact.ts';

/** An error without anything it was not meant to say. */
export interface ToldError {
  readonly type: string;
  readonly message: string;
  /** The code of the system, of PostgreSQL or of a library. */
  readonly code?: string;
  /** The places alone: the first lines of a stack repeat the message. */
  readonly stack: string;
  readonly cause?: ToldError;
}

const DEEPEST = 5;

/** Tells an error with its causes. */
export function tellError(error: unknown, depth: number = DEEPEST): ToldError {
  if (!(error instanceof Error)) return { type: typeof error, message: redact(String(error), null), stack: '' };
  const { cause } = error;
  return {
    type: error.name === 'Error' ? error.constructor.name : error.name,
    message: redact(messageOf(error), null),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: placesOf(error),
    ...(cause instanceof Error && depth > 1 ? { cause: tellError(cause, depth - 1) } : {}),
  };
}

/** The same in one line. */
export function toldInOneLine(error: unknown): string {
  const { type, message, cause } = tellError(error);
  return `${type}: ${message}${cause ? ` (${cause.type}: ${cause.message})` : ''}`;
}

/** drizzle puts a statement's values into its message; the statement itself holds only their places. */
function messageOf(error: Error): string {
  return 'query' in error && 'params' in error ? `Failed query: ${String(error.query)}` : error.message;
}

function placesOf({ stack = '' }: Error): string {
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return places.join('\n');
}
