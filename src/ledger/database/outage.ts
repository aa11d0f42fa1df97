// The errors by which the network, the driver or our own deadline say that a connection is no more.

/** Nothing came from the database within the time that every statement has: nobody knows whether it was carried out. */
export class DatabaseSilent extends Error {
  override readonly name = 'DatabaseSilent';
  readonly code = 'QUERY_DEADLINE';
}

/** Codes of the network, of the driver and of ours. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'EMFILE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'QUERY_DEADLINE',
]);

/** Whether the connection that met the error is gone, and its transaction with it. */
export function isConnectionGone(error: unknown): boolean {
  return links(error).some(
    (link) => ('severity' in link && (link.severity === 'FATAL' || link.severity === 'PANIC')) || isUnreachable(link),
  );
}

/** Whether this one error, apart from its causes, is of the network, the driver or the deadline. */
export function isUnreachable(error: Error): boolean {
  return UNREACHABLE.has(codeOf(error));
}

/** The error with its causes: drizzle wraps the driver's errors. */
export function links(error: unknown): Error[] {
  return error instanceof Error ? [error, ...links(error.cause)] : [];
}

export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
