// Workspaces: the tenants every other row belongs to.
import { newId } from '../../runtime/ids.ts';
import type { Ledger } from '../ledger.ts';
import { findWorkspace } from '../schedules/schedules.ts';
import { workspaces } from '../schema/accounts.ts';

/** The workspace of that name, made when there is none; any number of callers may ask at once. */
export async function ensureWorkspace(ledger: Ledger, name: string): Promise<{ id: string; name: string }> {
  const [made] = await ledger.db
    .insert(workspaces)
    .values({ id: newId(), name, createdAt: ledger.clock.now() })
    .onConflictDoNothing({ target: workspaces.name })
    .returning({ id: workspaces.id, name: workspaces.name });
  return made ?? (await findWorkspace(ledger, name)) ?? ensureWorkspace(ledger, name);
}
