// Disconnects an account: its grant is forgotten at once, and nothing is sent with it until it is connected again.
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';

/** What stands in the place of a grant that was forgotten. */
const NO_GRANT = { accessToken: '' };

/**
 * Disconnects the account. An attempt that has its call under way is let finish; every later one stops at the gate.
 * `unknown`: it is not this workspace's; `already`: it was disconnected before, and nothing was changed.
 */
export async function disconnectAccount(
  ledger: Ledger,
  { workspaceId, accountId, actor }: { workspaceId: string; accountId: string; actor: Actor },
): Promise<'disconnected' | 'already' | 'unknown'> {
  const isOurs = and(
    eq(connectedAccounts.workspaceId, workspaceId),
    sql`${connectedAccounts.id}::text = ${accountId}`,
    isNull(connectedAccounts.deletedAt),
  );
  return ledger.db.transaction(async (tx) => {
    const [known] = await tx.select({ id: connectedAccounts.id }).from(connectedAccounts).where(isOurs).for('update');
    if (!known) return 'unknown';
    const [account] = await tx
      .update(connectedAccounts)
      .set({
        status: 'disconnected',
        sealedGrant: ledger.sealer.seal(known.id, NO_GRANT),
        // A renewal that is under way saves over the version that it renewed, and finds another one.
        grantVersion: sql`${connectedAccounts.grantVersion} + 1`,
        grantExpiresAt: null,
      })
      .where(and(isOurs, ne(connectedAccounts.status, 'disconnected')))
      .returning({ platform: connectedAccounts.platform, name: connectedAccounts.name });
    if (!account) return 'already';
    const at = ledger.clock.now();
    const type = OTHER_AUDIT.accountDisconnected;
    const payload = { accountId: known.id, ...account };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type, actor, payload, at }]);
    return 'disconnected';
  });
}
