// Opens the context for one command and closes it whatever happens.

import { type Context, createContext } from '../boot/context.ts';
import { findWorkspace } from '../ledger/workspaces/workspaces.ts';
import type { Env } from '../runtime/env.ts';
import { CommandRefused } from './command-refused.ts';

export async function withContext(env: Env, work: (context: Context) => Promise<void>): Promise<void> {
  const context = await createContext(env);
  try {
    await work(context);
  } finally {
    await context.close();
  }
}

/** @throws CommandRefused when there is no workspace of that name */
export async function workspaceNamed({ ledger }: Context, name: string): Promise<{ id: string; name: string }> {
  const workspace = await findWorkspace(ledger, name);
  if (workspace) return workspace;
  throw new CommandRefused(
    `There is no workspace "${name}", so nothing was changed; "oncepost keys create" makes one.`,
  );
}
