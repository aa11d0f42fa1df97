// The schedule an address names.
import { z } from '@hono/zod-openapi';
import { scheduleIdSchema } from '../../domain/schedules/schedule-request.ts';
import { ApiRefused } from '../api-refused.ts';

/** The parameter of `/api/schedules/{id}` and of what stands below it. */
export const schedulePath = z.object({ id: z.string().meta({ description: "The schedule's id." }) });

/** The id as one of ours. @throws ApiRefused: what cannot be an id names nothing */
export function scheduleIdOf(id: string): string {
  const wanted = scheduleIdSchema.safeParse(id);
  if (wanted.success) return wanted.data;
  throw new ApiRefused('not_found');
}
