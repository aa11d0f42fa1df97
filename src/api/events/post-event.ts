// POST /api/events/{connectorId}: what somebody's system tells, signed with the connector's secret.
import { createRoute, z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { eventTakenSchema } from '../../domain/events/view.ts';
import { rateLimit } from '../../ledger/requests/rate-limits.ts';
import { takeInWebhook } from '../../operations/intake/take-in-webhook.ts';
import { routeSoon } from '../../operations/routing/route-event.ts';
import { ApiRefused } from '../api-refused.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';

/** Registers the operation. */
export function postEvent(api: Api, deps: ApiDeps): void {
  const { requestBodyBytes: maxSize } = deps.settings.limits;
  const rejected = rateLimit(deps.ledger, 'rejected_events', deps.settings.operations.rejectsPerMinute);
  const route = createRoute({
    method: 'post',
    path: '/api/events/{connectorId}',
    operationId: 'post-event',
    summary: 'Tell of an event',
    description:
      'Signed with the secret of the connector: as in Standard Webhooks, or in the form of its kind. The same message within its window is discarded.',
    middleware: [
      bodyLimit({
        maxSize,
        onError: async (c) => {
          const id = z.uuid().safeParse(c.req.param('connectorId')).data;
          const tooLarge = Number(c.req.header('content-length') ?? maxSize + 1);
          if (id !== undefined) await takeInWebhook(deps, rejected, id, { tooLarge });
          throw new ApiRefused('body_too_large');
        },
      }),
    ] as const,
    request: { params: z.object({ connectorId: z.string() }) },
    responses: {
      200: json(eventTakenSchema, 'It is taken in, or came before.'),
      ...refusals(
        'not_found',
        'event_rejected',
        'too_many_rejected',
        'body_too_large',
        'ledger_unavailable',
        'internal_error',
      ),
    },
  });
  api.openapi(route, async (c) => {
    const id = z.uuid().safeParse(c.req.valid('param').connectorId).data;
    if (id === undefined) throw new ApiRefused('not_found');
    const body = await c.req.text();
    const headers = Object.fromEntries(
      Object.entries(c.req.header()).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const taken = await takeInWebhook(deps, rejected, id, { headers, body });
    switch (taken.kind) {
      case 'unknown_connector':
        throw new ApiRefused('not_found');
      case 'rejected':
        throw new ApiRefused('event_rejected', {
          message: `It could not be taken in: it ${taken.why}. Nothing of it was kept; correct it and send it again.`,
        });
      case 'too_many':
        throw new ApiRefused('too_many_rejected', {
          headers: { 'Retry-After': String(Math.ceil(taken.waitMs / 1_000)) },
        });
      case 'deduped':
        return c.json({ eventId: null, deduped: true }, 200);
      case 'taken':
        await routeSoon(deps, taken.event);
        return c.json({ eventId: taken.event.id, deduped: false }, 200);
    }
  });
}
