// Workspaces: the tenants every other row belongs to.
import { assertName } from '../../domain/people/names.ts';
import { newId } from '../../runtime/ids.ts';
import type { Ledger } from '../ledger.ts';
import { findWorkspace } from '../schedules/schedules.ts';
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
