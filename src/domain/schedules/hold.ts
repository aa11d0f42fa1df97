// A hold stops every create of a workspace, an account or a delivery set at once, and says why (recovery surface, R8).
import { z } from 'zod';
import { instantText } from './instant.ts';
import { instantSchema } from './item.ts';
import { paceSchema } from './pace.ts';
import { plainText } from './post.ts';

export const HOLD_SCOPES = ['workspace', 'account', 'delivery_set'] as const;
export type HoldScope = (typeof HOLD_SCOPES)[number];

/** What a hold is about: an account by its id, a delivery set by the workspace's own name for it. */
export const holdTargetSchema = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('workspace') }),
  z.strictObject({ scope: z.literal('account'), accountId: z.uuid() }),
  z.strictObject({ scope: z.literal('delivery_set'), deliverySetId: plainText.trim().min(1).max(128) }),
]);
export type HoldTarget = z.infer<typeof holdTargetSchema>;

export const holdReasonSchema = plainText.trim().min(1).max(500);

/** The target's own name within its scope; empty for the whole workspace. */
export function targetIdOf(target: HoldTarget): string {
  if (target.scope === 'account') return target.accountId;
  return target.scope === 'delivery_set' ? target.deliverySetId : '';
}

/** A hold as it is told. */
const holdSchema = z
  .object({
    id: z.string(),
    scope: z.enum(HOLD_SCOPES),
    targetId: z
      .string()
      .meta({ description: "The account's id or the delivery set's; empty for the whole workspace." }),
    reason: z.string(),
    placedBy: z.string(),
    placedAt: instantSchema,
    keptBack: z.int().meta({ description: 'How many publishes it has kept back by now.' }),
  })
  .meta({ id: 'Hold' });
export const holdsSchema = z.object({ holds: z.array(holdSchema) }).meta({ id: 'Holds' });
export const holdRequestSchema = z
  .strictObject({ target: holdTargetSchema, reason: holdReasonSchema })
  .meta({ id: 'HoldRequest' });
export const holdPlacedSchema = z
  .object({
    id: z.string(),
    placed: z.boolean().meta({ description: 'False: such a hold stood already.' }),
    unknownSet: z
      .boolean()
      .meta({ description: 'No post of the workspace names that delivery set yet: it may be mistyped.' }),
  })
  .meta({ id: 'HoldPlaced' });
export const releaseRequestSchema = z
  .strictObject({
    pace: paceSchema.default({ kind: 'at_once' }),
    /** What was due before that does not go out any more by itself. */
    notOlderThan: instantText.nullish(),
  })
  .meta({ id: 'ReleaseRequest' });
export const holdReleasedSchema = z
  .object({ released: z.int(), missed: z.int().meta({ description: 'Too old: each wants a new time.' }) })
  .meta({ id: 'HoldReleased' });
export type Holds = z.infer<typeof holdsSchema>;
export type HoldPlaced = z.infer<typeof holdPlacedSchema>;

/** Said where a hold is about a delivery set that nothing names. */
export const UNKNOWN_SET =
  'No post names that delivery set yet; if that is a slip, release the hold and place it again.';
export type HoldRequest = z.input<typeof holdRequestSchema>;
export type ReleaseRequest = z.input<typeof releaseRequestSchema>;
