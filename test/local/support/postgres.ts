// What the PostgreSQL tests do with a server: start one in a folder, and keep a note in it.
import postgres from 'postgres';

/** Runs statements on a connection of its own. */
export async function onDatabase<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** Stores a word that a later start must find again. */
export function leaveNote(url: string, word: string): Promise<void> {
  return onDatabase(url, async (sql) => {
    await sql`create table if not exists note (word text not null)`;
    await sql`insert into note values (${word})`;
  });
}

/** All words stored. */
export function readNotes(url: string): Promise<string[]> {
  return onDatabase(url, async (sql) => (await sql<{ word: string }[]>`select word from note`).map(({ word }) => word));
}

/** The message of the refusal that a start ends in. */
export async function refusalOf(start: Promise<unknown>): Promise<string> {
  try {
    await start;
  } catch (error) {
    if (error instanceof Error && error.name === 'StartRefused') return error.message;
    throw error;
  }
  throw new TypeError('the start was not refused');
}
