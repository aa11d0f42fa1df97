// Everything that is stored: each table of the ledger with its number of rows and a digest of them, and what still runs.
import { sql } from 'drizzle-orm';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

/** Table -> rows and digest. Two equal answers mean that nothing was added, changed or taken away. */
export async function stored({ context }: Stage): Promise<Record<string, string>> {
  const { db } = context.ledger;
  const tables = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const parts = tables.map(
    ({ name }) =>
      sql`select ${name} as name, count(*) || ' ' || md5(coalesce(string_agg(row::text, ',' order by row::text), '')) as held
        from ${sql.identifier(name)} as t, lateral (select to_jsonb(t) - 'last_used_at' as row) as seen`,
  );
  const rows = await db.execute<{ name: string; held: string }>(sql.join(parts, sql` union all `));
  return Object.fromEntries(rows.map(({ name, held }) => [name, held]));
}

/** How many publishes of the stage run, once Temporal's index has heard of every end. */
export async function runningPublishes({ temporal, taskQueue }: Stage): Promise<number> {
  const query = `TaskQueue = '${taskQueue}' and WorkflowType = 'publish'`;
  const count = async (more: string) => Number((await temporal.workflow.count(`${query}${more}`)).count);
  // The index is behind the runs: what has just failed may still be listed as running.
  await until('no publish runs', async () => (await count(` and ExecutionStatus = 'Running'`)) === 0, 10_000).catch(
    () => null,
  );
  return count(` and ExecutionStatus = 'Running'`);
}
