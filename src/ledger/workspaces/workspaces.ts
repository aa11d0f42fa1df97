// Workspaces: the tenants every other row belongs to.
import { eq, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { assertName } from '../../domain/people/names.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { workspaces } from '../schema/accounts.ts';

/**
 * The workspace of that name, made when there is none; any number of callers may ask at once.
 * @throws NameRefused when there is none and none may be called that
 */
export async function ensureWorkspace(ledger: Ledger, name: string): Promise<{ id: string; name: string }> {
  const known = await findWorkspace(ledger, name);
  if (known) return known;
  assertName('workspace', name);
  const [made] = await ledger.db
    .insert(workspaces)
    .values({ id: newId(), name, createdAt: ledger.clock.now() })
    .onConflictDoNothing({ target: workspaces.name })
    .returning({ id: workspaces.id, name: workspaces.name });
  return made ?? ensureWorkspace(ledger, name);
}

/** A workspace's id by its name or id; null when there is none. */
export async function findWorkspace(ledger: Ledger, nameOrId: string): Promise<{ id: string; name: string } | null> {
  const [row] = await ledger.db
    .select({ id: workspaces.id, name: workspaces.name })
    .from(workspaces)
    .where(sql`${workspaces.name} = ${nameOrId} or ${workspaces.id}::text = ${nameOrId}`);
  return row ?? null;
}

/** Names never change, so each process asks for one once. */
const known = new WeakMap<Ledger['db'], { readonly ids: Map<string, string>; readonly names: Map<string, string> }>();

/** The id of the workspace of this name, or null. */
export async function workspaceIdOf({ db }: Ledger, name: string): Promise<string | null> {
  const { ids } = knownTo(db);
  const id = ids.get(name);
  if (id !== undefined) return id;
  const [row] = await db.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.name, name));
  if (row) ids.set(name, row.id);
  return row?.id ?? null;
}

/** The name of a workspace that is there. @throws UnknownWorkspace */
export async function workspaceNameOf({ db }: Ledger, id: string): Promise<string> {
  const { names } = knownTo(db);
  const name = names.get(id);
  if (name !== undefined) return name;
  const [row] = await db.select({ name: workspaces.name }).from(workspaces).where(eq(workspaces.id, id));
  if (!row) throw new UnknownWorkspace(`There is no workspace ${id}.`);
  names.set(id, row.name);
  return row.name;
}

/** A workspace that a caller of ours proved is gone: workspaces are never deleted, so this is a fault of ours. */
class UnknownWorkspace extends Error {
  override readonly name = 'UnknownWorkspace';
}

function knownTo(db: Ledger['db']) {
  const there = known.get(db) ?? { ids: new Map<string, string>(), names: new Map<string, string>() };
  known.set(db, there);
  return there;
}

/** How long after its time a post of this workspace may still go out where it says nothing itself, in ms, or null. */
export async function publishWithinMs({ db }: Ledger, id: string): Promise<number | null> {
  const [row] = await db.select({ withinMs: workspaces.publishWithinMs }).from(workspaces).where(eq(workspaces.id, id));
  return row?.withinMs ?? null;
}

/** Sets it, with its audit row; null takes it away. Posts that were taken in before keep what they have. */
export async function setPublishWithin(
  ledger: Ledger,
  { workspaceId, withinMs, actor }: { readonly workspaceId: string; readonly withinMs: number | null; readonly actor: Actor },
): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    await tx.update(workspaces).set({ publishWithinMs: withinMs }).where(eq(workspaces.id, workspaceId));
    const type = OTHER_AUDIT.workspaceChanged;
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type, actor, payload: { publishWithinMs: withinMs }, at }]);
  });
}
