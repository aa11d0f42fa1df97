// What the API and the pages tell of the audit trail.
import { z } from 'zod';
import { actorSchema } from '../people/actor.ts';
import { instantSchema } from '../schedules/item.ts';

/** One row of the trail. Positions are of the workspace's chain, from 1, without gaps. */
export const auditViewSchema = z
  .object({
    position: z.int(),
    type: z.string(),
    at: instantSchema,
    actor: z.object(actorSchema.shape),
    scheduleId: z.string().nullable(),
    traceId: z.string(),
    payload: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEvent' });
export type AuditView = z.infer<typeof auditViewSchema>;

/**
 * What is known of the chain. `whole` up to the position it had when it was looked at, `broken` at one, or `unknown` while a
 * look is under way for the first time, or could not be ended.
 */
export const chainStateSchema = z
  .object({
    state: z.enum(['whole', 'broken', 'unknown']),
    lookedAt: instantSchema.nullable(),
    /** The first position at which it does not hold. */
    brokenAt: z.int().nullable(),
  })
  .meta({ id: 'AuditChain' });
export type ChainState = z.infer<typeof chainStateSchema>;

export const activityPageSchema = z
  .object({
    events: z.array(auditViewSchema),
    chain: chainStateSchema,
    /** Send it as `before` for the page of what came earlier; null on the last one. */
    nextBefore: z.int().nullable(),
  })
  .meta({ id: 'ActivityPage' });
export type ActivityPage = z.infer<typeof activityPageSchema>;
