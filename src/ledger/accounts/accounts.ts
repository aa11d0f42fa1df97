// Connected accounts: found by workspace, connected and reconnected, their grants sealed and renewed.
import { and, eq, isNull } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { AccountIdentity } from '../../domain/gate/target.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { assertName } from '../../domain/people/names.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import type { AccountRow } from '../schedules/facts.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import type { StoredGrant } from './seal.ts';

export interface AccountToConnect {
  readonly workspaceId: string;
  readonly platform: string;
  readonly name: string;
  readonly remoteId: string;
  readonly apiBase: string | null;
  readonly scopes: readonly string[];
  readonly grant: StoredGrant;
  readonly grantExpiresAt: Date | null;
  readonly actor: Actor;
}

/**
 * Connects an account, or reconnects the one that has the same remote id: a new grant, no failure marks, and every
 * failure older than this instant counts as repaired. Answers its id.
 * @throws NameRefused when it may not be called that
 */
export async function connectAccount(ledger: Ledger, wanted: AccountToConnect): Promise<string> {
  // Somebody else may connect the same new account at the same time: then there is one to reconnect.
  return (await tryToConnect(ledger, wanted)) ?? connectAccount(ledger, wanted);
}

/** Null, with nothing changed, when the account came into being meanwhile. */
async function tryToConnect(ledger: Ledger, wanted: AccountToConnect): Promise<string | null> {
  return ledger.db.transaction(async (tx) => {
    const now = ledger.clock.now();
    const [known] = await tx
      .select({ id: connectedAccounts.id, name: connectedAccounts.name, grantVersion: connectedAccounts.grantVersion })
      .from(connectedAccounts)
      .where(isAccount(wanted))
      .for('update');
    if (known?.name !== wanted.name) assertName('account', wanted.name);
    const id = known?.id ?? newId();
    const state = {
      name: wanted.name,
      apiBase: wanted.apiBase,
      scopes: [...wanted.scopes],
      status: 'connected' as const,
      sealedGrant: ledger.sealer.seal(id, wanted.grant),
      grantExpiresAt: wanted.grantExpiresAt,
      mediaCapabilityMissing: false,
      rateLimits: {},
      renewalTriedAt: null,
      connectedAt: now,
      grantSavedAt: now,
    };
    if (known) {
      await tx
        .update(connectedAccounts)
        .set({ ...state, grantVersion: known.grantVersion + 1 })
        .where(eq(connectedAccounts.id, id));
    } else {
      const { workspaceId, platform, remoteId, actor } = wanted;
      const inserted = await tx
        .insert(connectedAccounts)
        .values({ id, workspaceId, platform, remoteId, createdBy: actor, ...state })
        .onConflictDoNothing()
        .returning({ id: connectedAccounts.id });
      if (inserted.length === 0) return null;
    }
    await appendAudit(tx, [
      {
        workspaceId: wanted.workspaceId,
        traceId: newId(),
        type: known ? OTHER_AUDIT.accountReconnected : OTHER_AUDIT.accountConnected,
        actor: wanted.actor,
        payload: { accountId: id, platform: wanted.platform, name: wanted.name, scopes: wanted.scopes },
        at: now,
      },
    ]);
    return id;
  });
}

/**
 * Refuses what `connectAccount` would refuse, before a platform is asked. An account keeps the name that it has, also
 * one that is older than the limits.
 * @throws NameRefused when it may not be called that
 */
export async function assertConnectable(ledger: Ledger, wanted: Identified & { readonly name: string }): Promise<void> {
  const [known] = await ledger.db
    .select({ name: connectedAccounts.name })
    .from(connectedAccounts)
    .where(isAccount(wanted));
  if (known?.name !== wanted.name) assertName('account', wanted.name);
}

type Identified = Pick<AccountToConnect, 'workspaceId' | 'platform' | 'remoteId'>;

/** The one account with that id on the platform that the workspace has not deleted. */
function isAccount({ workspaceId, platform, remoteId }: Identified) {
  return and(
    eq(connectedAccounts.workspaceId, workspaceId),
    eq(connectedAccounts.platform, platform),
    eq(connectedAccounts.remoteId, remoteId),
    isNull(connectedAccounts.deletedAt),
  );
}

/** The accounts of one workspace, deleted ones included, as selection sees them. */
export async function accountsOf(
  ledger: Ledger,
  workspaceId: string,
): Promise<(AccountIdentity & Pick<AccountRow, 'scopes' | 'status' | 'mediaCapabilityMissing'>)[]> {
  const rows = await ledger.db
    .select({
      id: connectedAccounts.id,
      workspaceId: connectedAccounts.workspaceId,
      platform: connectedAccounts.platform,
      name: connectedAccounts.name,
      scopes: connectedAccounts.scopes,
      status: connectedAccounts.status,
      mediaCapabilityMissing: connectedAccounts.mediaCapabilityMissing,
      deletedAt: connectedAccounts.deletedAt,
    })
    .from(connectedAccounts)
    .where(eq(connectedAccounts.workspaceId, workspaceId));
  return rows.map(({ deletedAt, ...row }) => ({ ...row, deleted: deletedAt !== null }));
}

/** The account as it stands now, for example after its lease was taken. */
export async function readAccount(ledger: Ledger, accountId: string): Promise<AccountRow | null> {
  const [row] = await ledger.db.select().from(connectedAccounts).where(eq(connectedAccounts.id, accountId));
  return row ?? null;
}

export interface GrantToSave {
  readonly account: AccountRow;
  readonly grant: StoredGrant;
  readonly expiresAt: Date | null;
  readonly scopes?: readonly string[] | undefined;
  readonly traceId: string;
}

/**
 * Saves a renewed grant over exactly the version that was renewed, fence or no fence: a rotated refresh token that is
 * not saved is lost for good. Answers the account as saved, or null when a newer grant stands there.
 */
export async function saveGrant(ledger: Ledger, wanted: GrantToSave): Promise<AccountRow | null> {
  return ledger.db.transaction(async (tx) => {
    const { account } = wanted;
    const renewed = and(eq(connectedAccounts.id, account.id), eq(connectedAccounts.grantVersion, account.grantVersion));
    const [before] = await tx
      .select({ status: connectedAccounts.status })
      .from(connectedAccounts)
      .where(renewed)
      .for('update');
    // Whoever was refused meanwhile, with the grant before this one, was mistaken.
    const revived = before?.status === 'reconnect_required';
    const [saved] = await tx
      .update(connectedAccounts)
      .set({
        sealedGrant: ledger.sealer.seal(account.id, wanted.grant),
        grantExpiresAt: wanted.expiresAt,
        grantSavedAt: ledger.clock.now(),
        grantVersion: account.grantVersion + 1,
        ...(revived ? { status: 'connected' } : {}),
        ...(wanted.scopes ? { scopes: [...wanted.scopes] } : {}),
      })
      .where(renewed)
      .returning();
    if (!saved) return null;
    await appendAudit(tx, [
      {
        workspaceId: account.workspaceId,
        traceId: wanted.traceId,
        type: OTHER_AUDIT.grantRenewed,
        actor: { type: 'SYSTEM', id: 'oncepost', label: 'system' },
        payload: { accountId: account.id, expiresAt: wanted.expiresAt?.toISOString() ?? null, revived },
        at: ledger.clock.now(),
      },
    ]);
    return saved;
  });
}
