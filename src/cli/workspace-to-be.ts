// Commands that may be the first of a workspace make it.
import { NameRefused } from '../domain/people/names.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { ensureWorkspace } from '../ledger/workspaces/workspaces.ts';
import { CommandRefused } from './command-refused.ts';

/**
 * The workspace of that name, made when there is none; `so` says what did not happen otherwise.
 * @throws CommandRefused when there is no such workspace and none may be called that
 */
export async function workspaceToBe(ledger: Ledger, name: string, so: string): Promise<{ id: string; name: string }> {
  try {
    return await ensureWorkspace(ledger, name);
  } catch (error) {
    if (!(error instanceof NameRefused)) throw error;
    throw new CommandRefused(`The name of the workspace ${error.problem}, so ${so}; choose another.`);
  }
}
