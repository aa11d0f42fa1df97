// GET /health: whether this server can do its work, for balancers and alarms. Tells nothing else to anybody.
import { createRoute, z } from '@hono/zod-openapi';
import { auditCanBeWritten, databaseAnswers } from '../ledger/database/health.ts';
import { temporalAnswers } from '../publishing/workflows/temporal-reach.ts';
import type { Api, ApiDeps } from './deps.ts';
import { json } from './responses.ts';

const part = z.enum(['ok', 'failing']);
const healthSchema = z
  .object({ status: z.enum(['ok', 'degraded']), database: part, temporal: part, audit: part })
  .meta({ id: 'Health' });
type Health = z.infer<typeof healthSchema>;

/** However often it is asked, the servers behind are asked once in this time. */
const FRESH_MS = 1_000;
const ANSWERED_WITHIN_MS = 3_000;

/** Registers the operation. */
export function getHealth(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/health',
    operationId: 'get-health',
    summary: 'Ask whether the server can do its work',
    responses: {
      200: json(healthSchema, 'Everything answers.'),
      503: json(healthSchema, 'Something does not; what was stored is safe.'),
    },
  });
  const health = freshly(deps, () => ask(deps));
  api.openapi(route, async (c) => {
    const answer = healthSchema.parse(await health());
    return c.json(answer, answer.status === 'ok' ? 200 : 503);
  });
}

async function ask({ ledger, client }: ApiDeps): Promise<Health> {
  const [database, audit, temporal] = await Promise.all([
    inTime(databaseAnswers(ledger)),
    inTime(auditCanBeWritten(ledger)),
    inTime(temporalAnswers(client, ledger.clock, ANSWERED_WITHIN_MS)),
  ]);
  const word = (answers: boolean) => (answers ? 'ok' : 'failing');
  const status = database && audit && temporal ? 'ok' : 'degraded';
  return { status, database: word(database), temporal: word(temporal), audit: word(audit) };
}

async function inTime(answer: Promise<boolean>): Promise<boolean> {
  const limit = Promise.withResolvers<false>();
  const timer = setTimeout(() => limit.resolve(false), ANSWERED_WITHIN_MS);
  const answered = await Promise.race([answer, limit.promise]);
  clearTimeout(timer);
  return answered;
}

function freshly({ ledger }: ApiDeps, look: () => Promise<Health>): () => Promise<Health> {
  let last: { readonly atMs: number; readonly answer: Promise<Health> } | null = null;
  return () => {
    const nowMs = ledger.clock.machineNow().getTime();
    if (last === null || nowMs - last.atMs > FRESH_MS) last = { atMs: nowMs, answer: look() };
    return last.answer;
  };
}
