// Keeps the keys of exports: the Ed25519 key that signs, and the secret of the HMAC. One of each is active in a workspace; a
// new one retires the one before it.
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { proofKeys, proofSecrets } from '../schema/proof.ts';

/** A new pair of keys: `privateKey` is its JWK as text. */
export interface NewProofKey {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface ProofKey {
  readonly id: string;
  /** The `x` of its JWK. */
  readonly publicKey: string;
  readonly madeBy: Actor;
  readonly madeAt: Date;
  /** Null: it signs. */
  readonly retiredAt: Date | null;
}

/** A secret as it is known without itself. */
export type ProofSecret = Omit<ProofKey, 'publicKey'>;

interface Maker {
  readonly workspaceId: string;
  readonly actor: Actor;
}

const aboutKey = (workspaceId: string, id: string) => `proof key ${workspaceId}/${id}`;
const aboutSecret = (workspaceId: string, id: string) => `proof secret ${workspaceId}/${id}`;

/** Makes the key the one that signs from now on. */
export async function saveProofKey(ledger: Ledger, { workspaceId, actor }: Maker, key: NewProofKey): Promise<void> {
  const { id, publicKey, privateKey } = key;
  const sealedPrivateKey = ledger.sealer.sealText(aboutKey(workspaceId, id), privateKey);
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const active = and(eq(proofKeys.workspaceId, workspaceId), isNull(proofKeys.retiredAt));
    const [before] = await tx.update(proofKeys).set({ retiredAt: at }).where(active).returning({ id: proofKeys.id });
    await tx.insert(proofKeys).values({ id, workspaceId, publicKey, sealedPrivateKey, madeBy: actor, madeAt: at });
    const payload = { keyId: id, before: before?.id ?? null };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.proofKeyMade, actor, payload, at }]);
  });
}

/** The key that signs, opened; null where none was made. @throws SecretUnreadable */
export async function activeProofKey(ledger: Ledger, workspaceId: string): Promise<NewProofKey | null> {
  const [row] = await ledger.db
    .select()
    .from(proofKeys)
    .where(and(eq(proofKeys.workspaceId, workspaceId), isNull(proofKeys.retiredAt)));
  if (!row) return null;
  const { id, publicKey, sealedPrivateKey } = row;
  return { id, publicKey, privateKey: ledger.sealer.openText(aboutKey(workspaceId, id), sealedPrivateKey) };
}

/** The keys of a workspace, newest first. */
export async function listProofKeys({ db }: Ledger, workspaceId: string): Promise<ProofKey[]> {
  const { id, publicKey, madeBy, madeAt, retiredAt } = proofKeys;
  return db
    .select({ id, publicKey, madeBy, madeAt, retiredAt })
    .from(proofKeys)
    .where(eq(proofKeys.workspaceId, workspaceId))
    .orderBy(desc(madeAt), desc(id));
}

/** The public half of every key there ever was, oldest first. */
export async function publicProofKeys({ db }: Ledger): Promise<Pick<ProofKey, 'id' | 'publicKey'>[]> {
  const { id, publicKey, madeAt } = proofKeys;
  return db.select({ id, publicKey }).from(proofKeys).orderBy(asc(madeAt), asc(id));
}

/** Makes the secret the one of the HMAC from now on; answers its id. */
export async function saveProofSecret(ledger: Ledger, { workspaceId, actor }: Maker, secret: string): Promise<string> {
  const id = newId();
  const sealedSecret = ledger.sealer.sealText(aboutSecret(workspaceId, id), secret);
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const active = and(eq(proofSecrets.workspaceId, workspaceId), isNull(proofSecrets.retiredAt));
    const [before] = await tx
      .update(proofSecrets)
      .set({ retiredAt: at })
      .where(active)
      .returning({ id: proofSecrets.id });
    await tx.insert(proofSecrets).values({ id, workspaceId, sealedSecret, madeBy: actor, madeAt: at });
    const payload = { keyId: id, before: before?.id ?? null };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.proofSecretMade, actor, payload, at }]);
  });
  return id;
}

/** The secret of the HMAC, opened; null where none was made. @throws SecretUnreadable */
export async function activeProofSecret(
  ledger: Ledger,
  workspaceId: string,
): Promise<{ readonly id: string; readonly secret: string } | null> {
  const [row] = await ledger.db
    .select()
    .from(proofSecrets)
    .where(and(eq(proofSecrets.workspaceId, workspaceId), isNull(proofSecrets.retiredAt)));
  if (!row) return null;
  return { id: row.id, secret: ledger.sealer.openText(aboutSecret(workspaceId, row.id), row.sealedSecret) };
}

/** The secrets of a workspace, newest first, without themselves. */
export async function listProofSecrets({ db }: Ledger, workspaceId: string): Promise<ProofSecret[]> {
  const { id, madeBy, madeAt, retiredAt } = proofSecrets;
  return db
    .select({ id, madeBy, madeAt, retiredAt })
    .from(proofSecrets)
    .where(eq(proofSecrets.workspaceId, workspaceId))
    .orderBy(desc(madeAt), desc(id));
}
