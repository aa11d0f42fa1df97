// Connectors of a workspace: made, listed, disabled, and found by whoever calls their address.
import { and, asc, eq, isNull } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { ConnectorRequest } from '../../domain/events/connector.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { connectors } from '../schema/events.ts';

export type Connector = Omit<typeof connectors.$inferSelect, 'sealedSecret'>;

/** By what its secret is sealed, for ever. */
const ownerOf = (id: string): string => `connector ${id}`;

export interface NewConnector {
  readonly workspaceId: string;
  readonly request: ConnectorRequest;
  readonly secret: string;
  readonly actor: Actor;
}

/** Null: another one of the workspace has the name. */
export async function makeConnector(
  ledger: Ledger,
  { workspaceId, request, secret, actor }: NewConnector,
): Promise<Connector | null> {
  const id = newId();
  const { name, kind, mapping = null, dedupe_window_s: dedupeWindowS, llm_fallback: llmFallback } = request;
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const sealedSecret = ledger.sealer.sealText(ownerOf(id), secret);
    const state = { enabled: true, rejectsInARow: 0, madeBy: actor, madeAt: at };
    const [made] = await tx
      .insert(connectors)
      .values({ id, workspaceId, name, kind, mapping, sealedSecret, dedupeWindowS, llmFallback, ...state })
      .onConflictDoNothing()
      .returning();
    if (!made) return null;
    const payload = { connectorId: id, name, kind };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.connectorMade, actor, payload, at }]);
    return withoutSecret(made);
  });
}

/** By name. */
export async function listConnectors({ db }: Ledger, workspaceId: string): Promise<Connector[]> {
  const own = and(eq(connectors.workspaceId, workspaceId), isNull(connectors.removedAt));
  const rows = await db.select().from(connectors).where(own).orderBy(asc(connectors.name));
  return rows.map(withoutSecret);
}

/** Whoever calls its address has no workspace before the signature is proved. @throws SecretUnreadable */
export async function findConnector(
  { db, sealer }: Ledger,
  id: string,
): Promise<{ readonly connector: Connector; readonly secret: string } | null> {
  const [row] = await db
    .select()
    .from(connectors)
    .where(and(eq(connectors.id, id), isNull(connectors.removedAt)));
  return row ? { connector: withoutSecret(row), secret: sealer.openText(ownerOf(id), row.sealedSecret) } : null;
}

function withoutSecret({ sealedSecret: _, ...connector }: typeof connectors.$inferSelect): Connector {
  return connector;
}
