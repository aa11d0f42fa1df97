// GET /health: whether this server can do its work, for balancers and alarms. Tells nothing else to anybody.
import { createRoute, z } from '@hono/zod-openapi';
import { clockSkewMs, isClockOff, toldSkew } from '../ledger/database/clock-skew.ts';
import { auditCanBeWritten } from '../ledger/database/health.ts';
import { temporalAnswers } from '../publishing/workflows/temporal-reach.ts';
import type { Api, ApiDeps } from './deps.ts';
import { json } from './responses.ts';

const part = z.enum(['ok', 'failing']);
const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    database: part,
    temporal: part,
    audit: part,
    clock: part.meta({ description: "Whether this machine's clock is the database's." }),
    says: z.string().meta({ description: 'The same in one sentence for a person.' }),
  })
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
  const [skewMs, audit, temporal] = await Promise.all([
    inTime(
      clockSkewMs(ledger).catch(() => null),
      null,
    ),
    inTime(auditCanBeWritten(ledger), false),
    inTime(temporalAnswers(client, ledger.clock, ANSWERED_WITHIN_MS), false),
  ]);
  const database = skewMs !== null;
  // A database that does not answer says nothing of the clock.
  const clock = skewMs === null || !isClockOff(skewMs);
  const word = (answers: boolean) => (answers ? 'ok' : 'failing');
  const problems = [
    ...(database ? [] : ['PostgreSQL does not answer']),
    ...(database && !audit ? ['The audit trail cannot be written, so nothing can be changed'] : []),
    ...(temporal ? [] : ['Temporal does not answer for our namespace']),
    ...(clock ? [] : [toldSkew(skewMs)]),
  ];
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    database: word(database),
    temporal: word(temporal),
    audit: word(audit),
    clock: word(clock),
    says: problems.length === 0 ? 'Everything answers.' : `${problems.join('; ')}; what is stored is safe.`,
  };
}

async function inTime<Answer>(answer: Promise<Answer>, late: Answer): Promise<Answer> {
  const limit = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => limit.resolve(late), ANSWERED_WITHIN_MS);
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
