// Health of the process in this container, as an exit code: `main.ts server` asks its HTTP port, `main.ts worker` asks
// the database for an answer and its time, and Temporal whether this very machine's worker polls. 0 is healthy; otherwise one
// sentence and 1.
import { z } from 'zod';
import { databaseProblem } from './database-problem.ts';
import { workerPolls } from './worker-polls.ts';

const healthSchema = z.object({ says: z.string() });

async function serverAnswers(): Promise<string | undefined> {
  const port = process.env.ONCEPOST_PORT ?? '7800';
  const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4_000) });
  if (answer.ok) return undefined;
  const told = healthSchema.safeParse(await answer.json().catch(() => null));
  return told.data?.says ?? `The server answers GET /health with ${answer.status}.`;
}

const checks: Readonly<Record<string, () => Promise<string | undefined>>> = {
  server: serverAnswers,
  worker: async () => (await databaseProblem(process.env.DATABASE_URL)) ?? (await workerPolls('temporal.yaml')),
};

const check = checks[process.argv[2] ?? ''];
const problem = await (check?.() ?? Promise.resolve('Name what to check: server or worker.')).catch(
  (error: unknown) => `It cannot be asked: ${error instanceof Error ? error.message : String(error)}`,
);
if (problem !== undefined) console.error(problem);
process.exit(problem === undefined ? 0 : 1);
