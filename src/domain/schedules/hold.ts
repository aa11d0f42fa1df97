// A hold stops every create of a workspace, an account or a delivery set at once, and says why (recovery surface, R8).
import { z } from 'zod';
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
