// Asks a PostgreSQL, over a real connection, whether it serves us; and sees that our database is there.
import postgres from 'postgres';

/** What a connection met: our cluster ready, ours still starting or stopping, another server, or nobody. */
export type PostgresAnswer = 'ready' | 'starting' | 'foreign' | 'none';

/** Connects once and says who answered. `url` names any database of the server. */
export async function askPostgres(url: string, cluster: string): Promise<PostgresAnswer> {
  try {
    const folder = await withConnection(url, async (sql) => {
      const [row] = await sql<{ data_directory: string }[]>`show data_directory`;
      return row?.data_directory;
    });
    return folder === cluster ? 'ready' : 'foreign';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === '57P03') return 'starting';
    // A PostgreSQL error code has five places: a server answered, and it does not know our user or password.
    return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? 'foreign' : 'none';
  }
}

/** Creates the database when it is not there. `url` names the maintenance database. */
export async function ensureDatabase(url: string, name: string): Promise<void> {
  await withConnection(url, async (sql) => {
    const there = await sql`select 1 from pg_database where datname = ${name}`;
    if (there.length === 0) await sql`create database ${sql(name)}`;
  });
}

async function withConnection<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {} });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}
