// Connects the practice accounts of the sandbox workspace: once each, however often the practice is made.

import { SYSTEM_ACTOR } from '../domain/people/actor.ts';
import { connectAccount } from '../ledger/accounts/accounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { AccountCard, NewAccount, SandboxControl } from '../sandbox/control.ts';

export interface PracticeRooms {
  readonly ledger: Ledger;
  readonly sandbox: SandboxControl;
  readonly sandboxUrl: string;
  readonly workspaceId: string;
}

/** The path of each platform's API below the sandbox's address. */
const API_PATHS: Readonly<Record<string, string>> = { x: '/x', instagram: '/instagram/v25.0' };

/** Where a platform's API is found in the sandbox. */
export function apiAddress(sandboxUrl: string, platform: string): string {
  return `${sandboxUrl}${API_PATHS[platform] ?? ''}`;
}

/** The account of that name in the sandbox and in the workspace, made and connected where it is missing. */
export async function practiceAccount(rooms: PracticeRooms, wanted: NewAccount): Promise<AccountCard> {
  const { ledger, sandbox, sandboxUrl, workspaceId } = rooms;
  const known = (await sandbox.accounts()).find(
    ({ platform, name }) => platform === wanted.platform && name === wanted.name,
  );
  const card = known ? await sandbox.reconnect(known.id) : await sandbox.createAccount(wanted);
  await connectAccount(ledger, {
    workspaceId,
    platform: card.platform,
    name: card.name,
    remoteId: card.userId,
    apiBase: apiAddress(sandboxUrl, card.platform),
    scopes: card.scopes,
    grant: {
      accessToken: card.accessToken,
      clientId: card.clientId,
      ...(card.refreshToken === null ? {} : { refreshToken: card.refreshToken }),
      ...(card.clientSecret === null ? {} : { clientSecret: card.clientSecret }),
    },
    grantExpiresAt: new Date(card.accessExpiresAtMs),
    actor: SYSTEM_ACTOR,
  });
  return card;
}
