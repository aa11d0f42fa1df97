// What an operator's program sends to have a failed publish run again, and what it hears.
import { z } from 'zod';
import { plainText } from '../schedules/post.ts';
import { scheduleIdSchema } from '../schedules/schedule-request.ts';

export const replayRequestSchema = z
  .strictObject({
    scheduleId: scheduleIdSchema,
    /** Why, for the record. */
    note: plainText.max(2_000).optional(),
    /** The number of attempts the caller saw: refused when another was made since. */
    expectedAttempt: z.int().min(0).optional(),
  })
  .meta({ id: 'ReplayRequest' });
export type ReplayRequest = z.infer<typeof replayRequestSchema>;

export const replayAcceptedSchema = z
  .object({ accepted: z.literal(true), scheduleId: z.string(), workflowId: z.string(), message: z.string() })
  .meta({ id: 'ReplayAccepted' });
export type ReplayAccepted = z.infer<typeof replayAcceptedSchema>;
