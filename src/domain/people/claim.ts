// Who looks after a broken publish: a person claims it, so that two do not repair the same thing.
import { z } from 'zod';
import type { Actor } from './actor.ts';

/** `take_over` claims what somebody else has; `release` gives it back, whoever has it. */
export const CLAIM_WISHES = ['claim', 'take_over', 'release'] as const;
export type ClaimWish = (typeof CLAIM_WISHES)[number];

/** What a claim comes to: the owner from now on, or why it stays as it is. */
export type ClaimDecision =
  | { readonly kind: 'claimed' | 'released'; readonly owner: Actor | null }
  | { readonly kind: 'ended' }
  /** Somebody else looks after it, and a take-over was not asked for. */
  | { readonly kind: 'claimed_by_other'; readonly by: Actor };

/** Decides a claim of an item; `owner` is who has claimed it now. */
export function decideClaim(
  { owner, ended }: { readonly owner: Actor | null; readonly ended: boolean },
  { actor, wish }: { readonly actor: Actor; readonly wish: ClaimWish },
): ClaimDecision {
  if (ended) return { kind: 'ended' };
  if (wish === 'release') return { kind: 'released', owner: null };
  if (wish === 'claim' && owner !== null && owner.id !== actor.id) return { kind: 'claimed_by_other', by: owner };
  return { kind: 'claimed', owner: actor };
}

export const claimRequestSchema = z
  .strictObject({ wish: z.enum(CLAIM_WISHES).default('claim') })
  .meta({ id: 'ClaimRequest' });
export const claimedSchema = z
  .object({ scheduleId: z.string(), claimedBy: z.string().nullable().meta({ description: 'Null: nobody any more.' }) })
  .meta({ id: 'Claimed' });
export type Claimed = z.infer<typeof claimedSchema>;
