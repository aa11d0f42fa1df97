// Whether an account's grant holds what renews it.
import type { Ledger } from '../ledger.ts';
import type { AccountRow } from '../schedules/facts.ts';
import { GrantUnreadable } from './seal.ts';

/** A refresh token, or the password that opens the next session. @throws GrantUnreadable */
export function holdsRenewal(
  { sealer }: Pick<Ledger, 'sealer'>,
  { id, sealedGrant }: Pick<AccountRow, 'id' | 'sealedGrant'>,
): boolean {
  const { refreshToken, password } = sealer.open(id, sealedGrant);
  return refreshToken !== undefined || password !== undefined;
}

/** The same for whoever only tells of it: what cannot be opened, nothing renews. */
export function mayRenew(...asked: Parameters<typeof holdsRenewal>): boolean {
  try {
    return holdsRenewal(...asked);
  } catch (error) {
    if (error instanceof GrantUnreadable) return false;
    throw error;
  }
}
