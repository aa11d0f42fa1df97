// /api/alarms: what somebody has to know of, and what people say to it.
import { createRoute, z } from '@hono/zod-openapi';
import {
  ALARM_KIND_NAMES,
  ALARM_STATES,
  ALARM_VERDICTS,
  type AlarmVerdict,
  alarmAnsweredSchema,
  alarmsSchema,
  alarmWordSchema,
  answerWords,
} from '../../domain/alarms/alarm.ts';
import { answerAlarm, listAlarms } from '../../ledger/alarms/alarms.ts';
import { viewAlarm } from '../../operations/alarms/view-alarm.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { jsonBody } from '../json-body.ts';
import { json, refusals } from '../responses.ts';

const unusable = refusals(
  'unauthenticated',
  'scope_missing',
  'internal_error',
  'ledger_unavailable',
  'invalid_request',
);

const querySchema = z.strictObject({
  state: z.enum(ALARM_STATES).optional().meta({ description: 'Without it, those that are not resolved.' }),
  kind: z.enum(ALARM_KIND_NAMES).optional(),
  after: z.uuid().optional().meta({ description: '`next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Registers the operations. */
export function alarmOperations(api: Api, deps: ApiDeps): void {
  list(api, deps);
  for (const verdict of ALARM_VERDICTS) answer(api, deps, verdict);
}

function list(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/alarms',
    operationId: 'get-alarms',
    summary: 'List the alarms',
    security: securityOf('alarms.read'),
    middleware: [allowed(deps, 'alarms.read')],
    request: { query: querySchema },
    responses: { 200: json(alarmsSchema, 'Those that were seen last come first.'), ...unusable },
  });
  api.openapi(route, async (c) => {
    const { limit, ...filter } = c.req.valid('query');
    const { workspaceId } = c.get('caller');
    const found = await listAlarms(deps.ledger, { workspaceId, ...filter, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const next = found.length > limit ? (shown.at(-1)?.id ?? null) : null;
    return c.json(alarmsSchema.parse({ alarms: shown.map(viewAlarm), next }), 200);
  });
}

const SUMMARIES: Readonly<Record<AlarmVerdict, string>> = {
  ack: 'Say that you look after an alarm',
  resolve: 'Say that an alarm is over',
};

function answer(api: Api, deps: ApiDeps, verdict: AlarmVerdict): void {
  const route = createRoute({
    method: 'post',
    path: `/api/alarms/{id}/${verdict}`,
    operationId: `post-alarm-${verdict}`,
    summary: SUMMARIES[verdict],
    security: securityOf('alarms.answer'),
    middleware: [allowed(deps, 'alarms.answer'), ...jsonBody(deps)],
    request: {
      params: z.object({ id: z.string() }),
      body: { required: true, content: { 'application/json': { schema: alarmWordSchema } } },
    },
    responses: {
      200: json(alarmAnsweredSchema, 'Where it stands now.'),
      ...unusable,
      ...refusals('malformed_body', 'body_too_large', 'unsupported_media_type', 'not_found'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId, actor } = c.get('caller');
    const id = z.uuid().safeParse(c.req.valid('param').id).data;
    if (id === undefined) throw new ApiRefused('not_found');
    const answered = await answerAlarm(deps.ledger, { workspaceId, id, verdict, actor, ...c.req.valid('json') });
    if (!answered) throw new ApiRefused('not_found');
    return c.json(alarmAnsweredSchema.parse({ id, state: answered.state, says: answerWords(answered) }), 200);
  });
}
