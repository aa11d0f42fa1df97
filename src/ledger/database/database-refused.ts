// A start that met a database it cannot use, in one sentence that names no password.
import { StartAgainLater, StartRefused } from '../../runtime/start-refused.ts';
import { isDatabaseDown, SESSION_PARAMETERS } from './database.ts';

const NEXT = 'nothing was started; correct it, then start again.';

/** PostgreSQL's own refusals of a sign-in or of a right, by their codes. */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': `PostgreSQL refused the user or the password in DATABASE_URL; ${NEXT}`,
  '28000': `PostgreSQL does not let the user in DATABASE_URL sign in from here; ${NEXT}`,
  '3D000': `PostgreSQL has no database of the name in DATABASE_URL; ${NEXT}`,
  '42501': `The user in DATABASE_URL lacks a right on the database; nothing was started; grant it, then start again.`,
};

/** With it poolers such as PgBouncer refuse parameters they do not know, and tell passing troubles of their own. */
const PROTOCOL_VIOLATION = '08P01';

/** Does the work, and says what the database refused in one sentence. @throws StartRefused | StartAgainLater */
export async function refusingDatabase<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(url, error) ?? error;
  }
}

function refusalOf(url: string, error: unknown): Error | null {
  if (isDatabaseDown(error)) {
    const code = codesOf(error)[0] ?? 'no answer';
    const { host } = new URL(url);
    if (code === PROTOCOL_VIOLATION) {
      return new StartAgainLater(
        'PostgreSQL',
        `What answers for PostgreSQL at ${host} refuses how we connect (${code})`,
        `if it is a pooler, let it pass on or ignore ${SESSION_PARAMETERS}`,
      );
    }
    return new StartAgainLater(
      'PostgreSQL',
      `PostgreSQL does not answer at ${host} (${code})`,
      'start it, or correct DATABASE_URL',
    );
  }
  if (lacksExtension(error)) return new StartRefused(NO_EXTENSION);
  const told = codesOf(error).find((code) => Object.hasOwn(REFUSALS, code));
  return told === undefined ? null : new StartRefused(REFUSALS[told] ?? '');
}

const NO_EXTENSION =
  'PostgreSQL lacks the extension pg_trgm, which its contrib package brings; nothing was started; install it, then start again.';

/** The code of a statement that is not supported, or of a file that is missing, by PostgreSQL's version; others have them too. */
function lacksExtension(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (/extension "pg_trgm" is not available|open extension control file .*pg_trgm/.test(current.message)) return true;
  }
  return false;
}

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') codes.push(current.code);
  }
  return codes;
}
