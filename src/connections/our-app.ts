// The app by which this workspace speaks to a platform, or the sentence why there is none.
import { SecretUnreadable } from '../ledger/accounts/seal.ts';
import { type OpenedApp, openApp } from '../ledger/connections/apps.ts';
import type { PlatformAdapter } from '../platforms/contract.ts';
import { NotConnected } from '../publishing/grants/not-connected.ts';
import type { ConnectingContext } from './connecting.ts';

/** @throws NotConnected when none is set, or its secret cannot be opened any more */
export async function ourApp(
  { ledger }: Pick<ConnectingContext, 'ledger'>,
  workspaceId: string,
  adapter: PlatformAdapter,
): Promise<OpenedApp> {
  const app = await opened(openApp(ledger, { workspaceId, platform: adapter.platform }), adapter);
  if (!app) throw new NotConnected(noApp(adapter));
  return app;
}

async function opened(app: Promise<OpenedApp | null>, { label }: PlatformAdapter): Promise<OpenedApp | null> {
  try {
    return await app;
  } catch (error) {
    if (!(error instanceof SecretUnreadable)) throw error;
    throw new NotConnected(
      `The secret of the app of ${label} cannot be opened with the present ONCEPOST_SECRET_KEY, so nobody was asked; an admin sets the app anew under Connections, Apps.`,
    );
  }
}

/** What is said where no app is set. */
export function noApp({ label }: Pick<PlatformAdapter, 'label'>): string {
  return `No app of ${label} is set in this workspace, so nobody can be asked for a grant; an admin sets its client id and secret under Connections, Apps.`;
}
