// GET /api/schedules/{id}/media: the post's media as they are now, beside what the destination takes.
import { createRoute } from '@hono/zod-openapi';
import { mediaReviewSchema } from '../../domain/schedules/media-review.ts';
import { reviewMedia } from '../../recovery/media-review.ts';
import { ApiRefused } from '../api-refused.ts';
import { allowed, securityOf } from '../caller.ts';
import type { Api, ApiDeps } from '../deps.ts';
import { json, refusals } from '../responses.ts';
import { scheduleIdOf, schedulePath } from './schedule-path.ts';

/** Registers the operation. */
export function getMediaReview(api: Api, deps: ApiDeps): void {
  const route = createRoute({
    method: 'get',
    path: '/api/schedules/{id}/media',
    operationId: 'get-media-review',
    summary: "Look at a post's media as they are now",
    description: 'Reads a part of each file. To replace one, send the media to `PATCH /api/schedules/{id}`.',
    security: securityOf('schedules.read'),
    middleware: [allowed(deps, 'schedules.read')],
    request: { params: schedulePath },
    responses: {
      200: json(mediaReviewSchema, 'The review.'),
      ...refusals('unauthenticated', 'scope_missing', 'not_found', 'ledger_unavailable', 'internal_error'),
    },
  });
  api.openapi(route, async (c) => {
    const { workspaceId } = c.get('caller');
    const review = await reviewMedia(deps, workspaceId, scheduleIdOf(c.req.valid('param').id));
    if (!review) throw new ApiRefused('not_found');
    return c.json(mediaReviewSchema.parse(review), 200);
  });
}
