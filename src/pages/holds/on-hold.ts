// What is on hold, for the line above every page: nobody should wonder why nothing goes out.
import { actorName } from '../../domain/people/actor.ts';
import { findAccountNames } from '../../ledger/accounts/account-names.ts';
import { activeHolds, countHeld, type Hold } from '../../ledger/holds/holds.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { OnHold } from '../deps.ts';

/** The active holds of a workspace, in words. */
export async function readOnHold(ledger: Ledger, workspaceId: string): Promise<OnHold[]> {
  const holds = await activeHolds(ledger, workspaceId);
  if (holds.length === 0) return [];
  const ids = holds.flatMap(({ scope, targetId }) => (scope === 'account' ? [targetId] : []));
  const names = await findAccountNames(ledger, workspaceId, ids);
  return Promise.all(
    holds.map(async (hold) => {
      const { reason, placedBy, placedAt } = hold;
      return {
        what: what(hold, names),
        reason,
        by: actorName(placedBy),
        since: placedAt,
        keptBack: await countHeld(ledger, hold),
      };
    }),
  );
}

function what({ scope, targetId }: Hold, names: ReadonlyMap<string, string>): string {
  if (scope === 'workspace') return 'Publishing is on hold';
  if (scope === 'account') return `${names.get(targetId) ?? targetId} is on hold`;
  return `The delivery set ${targetId} is on hold`;
}
