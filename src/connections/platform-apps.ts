// Platform apps, behind pages, API and command line alike.
import { callbackPath, type PlatformApp, type PlatformAppRequest } from '../domain/connections/platform-app.ts';
import type { Actor } from '../domain/people/actor.ts';
import { listApps, setApp } from '../ledger/connections/apps.ts';
import { adapterOf, asksOnItsPages, type ConnectingContext, type Connector } from './connecting.ts';

type Context = Pick<ConnectingContext, 'ledger' | 'platforms'>;

/** The app cannot be set, and the sentence says why; nothing was changed. */
export class AppRefused extends Error {
  override readonly name = 'AppRefused';
}

/** Sets the app of a platform. @throws AppRefused | NotConnected when there is no such platform */
export async function setPlatformApp(
  context: Context,
  { workspaceId, actor }: Connector,
  platform: string,
  request: PlatformAppRequest,
): Promise<void> {
  const adapter = adapterOf(context, platform);
  if (!asksOnItsPages(adapter)) {
    throw new AppRefused(
      `${adapter.label} needs no app, so nothing was changed; its accounts are connected with secrets.`,
    );
  }
  if (adapter.connect.secretRequired && !request.clientSecret) {
    throw new AppRefused(
      `An app of ${adapter.label} has a secret, so nothing was changed; give it beside the client id.`,
    );
  }
  await setApp(context.ledger, { workspaceId, platform, actor, ...request });
}

/** Every app that is set. `origin`: where people reach the pages; null where nobody can tell. */
export async function platformApps(
  { ledger, platforms }: Context,
  workspaceId: string,
  origin: string | null,
): Promise<PlatformApp[]> {
  const apps = await listApps(ledger, workspaceId);
  return apps.map(({ platform, clientId, hasSecret, apiBase, setAt, setBy }) => ({
    platform,
    platformLabel: platforms.get(platform)?.label ?? platform,
    clientId,
    hasSecret,
    apiBase,
    setAt: setAt.toISOString(),
    setBy: nameOf(setBy),
    redirectAddress: origin === null ? null : `${origin}${callbackPath(platform)}`,
  }));
}

const nameOf = ({ label }: Actor) => label;
