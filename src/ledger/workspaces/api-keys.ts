// The keys of machines: random, told once, stored as a SHA-256, bound to a workspace and to scopes.
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { API_SCOPES, type ApiScope } from '../../domain/api/api-scopes.ts';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { newId, newSecret, sha256 } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { apiKeys, workspaces } from '../schema/accounts.ts';

/** Scanners for leaked secrets know our keys by this. */
const KEY_PREFIX = 'op_';
const SHOWN_CHARS = 9;
/** A key's use is written down this seldom. */
const USED_EVERY_MS = 60_000;

/** A key as it is known without its secret. */
export interface ApiKey {
  readonly id: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly name: string;
  /** The first characters of the secret, by which people tell keys apart. */
  readonly prefix: string;
  readonly scopes: readonly ApiScope[];
  readonly createdAt: Date;
  /** To the minute; null: never. */
  readonly lastUsedAt: Date | null;
}

export interface NewApiKey {
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  readonly actor: Actor;
}

/** Makes a key and answers its secret, which nobody can read again. */
export async function createApiKey(ledger: Ledger, wanted: NewApiKey): Promise<{ id: string; key: string }> {
  const id = newId();
  const key = newSecret(KEY_PREFIX);
  const { workspaceId, name, scopes, actor } = wanted;
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const prefix = key.slice(0, SHOWN_CHARS);
    await tx
      .insert(apiKeys)
      .values({ id, workspaceId, name, prefix, hash: sha256(key), scopes: [...scopes], createdAt: at });
    const payload = { apiKeyId: id, name, prefix, scopes };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.apiKeyCreated, actor, payload, at }]);
  });
  return { id, key };
}

/** The key a caller presented, or null when it is unknown or was revoked. */
export async function findApiKey(ledger: Ledger, presented: string): Promise<ApiKey | null> {
  if (!presented.startsWith(KEY_PREFIX)) return null;
  const [row] = await keysWhere(ledger, and(eq(apiKeys.hash, sha256(presented)), isNull(apiKeys.revokedAt)));
  if (!row) return null;
  const now = ledger.clock.now();
  if (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() > USED_EVERY_MS) {
    await ledger.db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, row.id));
  }
  return row;
}

/** The keys of a workspace that were not revoked, oldest first. */
export async function listApiKeys(ledger: Ledger, workspaceId: string): Promise<ApiKey[]> {
  return keysWhere(ledger, and(eq(apiKeys.workspaceId, workspaceId), isNull(apiKeys.revokedAt)));
}

/** Revokes a key for good; false when the workspace has no such key, or not any more. */
export async function revokeApiKey(ledger: Ledger, workspaceId: string, id: string, actor: Actor): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: at })
      .where(and(sql`${apiKeys.id}::text = ${id}`, eq(apiKeys.workspaceId, workspaceId), isNull(apiKeys.revokedAt)))
      .returning({ name: apiKeys.name, prefix: apiKeys.prefix });
    if (!revoked) return false;
    const payload = { apiKeyId: id, ...revoked };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.apiKeyRevoked, actor, payload, at }]);
    return true;
  });
}

async function keysWhere(ledger: Ledger, condition: ReturnType<typeof and>): Promise<ApiKey[]> {
  const rows = await ledger.db
    .select({
      id: apiKeys.id,
      workspaceId: apiKeys.workspaceId,
      workspaceName: workspaces.name,
      name: apiKeys.name,
      prefix: apiKeys.prefix,
      scopes: apiKeys.scopes,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
    })
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId))
    .where(condition)
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id));
  return rows.map((row) => ({ ...row, scopes: API_SCOPES.filter((scope) => row.scopes.includes(scope)) }));
}
