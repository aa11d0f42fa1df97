// Sets the sandbox's apps in the practice workspace, so that reconnecting runs in a browser from end to end.

import { callbackPath } from '../domain/connections/platform-app.ts';
import { SYSTEM_ACTOR } from '../domain/people/actor.ts';
import { openApp, setApp } from '../ledger/connections/apps.ts';
import type { Env } from '../runtime/env.ts';
import { newSecret } from '../runtime/ids.ts';
import { apiAddress, type PracticeRooms } from './accounts.ts';

const PLATFORMS = ['x', 'instagram'] as const;

/** The app of each platform, in the sandbox and in the workspace; one that is set already stays. */
export async function practiceApps(rooms: PracticeRooms, origins: readonly string[]): Promise<void> {
  for (const platform of PLATFORMS) await practiceApp(rooms, platform, origins);
}

async function practiceApp(rooms: PracticeRooms, platform: string, origins: readonly string[]): Promise<void> {
  const { ledger, sandbox, sandboxUrl, workspaceId } = rooms;
  const known = await openApp(ledger, { workspaceId, platform });
  const clientId = known?.clientId ?? `practice-${platform}`;
  const clientSecret = known ? known.clientSecret : newSecret('');
  const redirectUris = origins.map((origin) => `${origin}${callbackPath(platform)}`);
  await sandbox.registerApp({ platform, clientId, clientSecret, redirectUris });
  if (known) return;
  const apiBase = apiAddress(sandboxUrl, platform);
  await setApp(ledger, { workspaceId, platform, clientId, clientSecret, apiBase, actor: SYSTEM_ACTOR });
}

/** Where a browser of this machine finds the pages, and where others do. */
export function pageOrigins({ ONCEPOST_PUBLIC_URL, ONCEPOST_HOST, ONCEPOST_PORT }: Env): readonly string[] {
  const hosts = new Set(['127.0.0.1', 'localhost', ONCEPOST_HOST]);
  const here = [...hosts].map((host) => `http://${host.includes(':') ? `[${host}]` : host}:${ONCEPOST_PORT}`);
  return ONCEPOST_PUBLIC_URL === undefined ? here : [ONCEPOST_PUBLIC_URL, ...here];
}
