// Platform apps of a workspace: set, shown without their secret, opened to ask for a grant, removed.
import { and, asc, eq } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { PlatformAppRequest } from '../../domain/connections/platform-app.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { platformApps } from '../schema/connections.ts';

interface AppPlace {
  readonly workspaceId: string;
  readonly platform: string;
}

/** An app as everybody may see it. */
export interface PlatformAppRow extends AppPlace {
  readonly clientId: string;
  readonly hasSecret: boolean;
  readonly apiBase: string | null;
  readonly setAt: Date;
  readonly setBy: Actor;
}

/** An app with its secret, to speak as it. */
export interface OpenedApp {
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: string | null;
  readonly apiBase: string | null;
}

const sealedFor = ({ workspaceId, platform }: AppPlace) => `app/${workspaceId}/${platform}`;
const isApp = ({ workspaceId, platform }: AppPlace) =>
  and(eq(platformApps.workspaceId, workspaceId), eq(platformApps.platform, platform));

/** Sets the app of a platform, or another one in its place. */
export async function setApp(
  ledger: Ledger,
  { workspaceId, platform, clientId, clientSecret, apiBase, actor }: AppPlace & PlatformAppRequest & { actor: Actor },
): Promise<void> {
  const place = { workspaceId, platform };
  const setAt = ledger.clock.now();
  const state = {
    clientId,
    sealedSecret: clientSecret ? ledger.sealer.sealText(sealedFor(place), clientSecret) : null,
    apiBase: apiBase ?? null,
    setAt,
    setBy: actor,
  };
  await ledger.db.transaction(async (tx) => {
    await tx
      .insert(platformApps)
      .values({ ...place, ...state })
      .onConflictDoUpdate({ target: [platformApps.workspaceId, platformApps.platform], set: state });
    const payload = { platform, clientId, hasSecret: state.sealedSecret !== null, apiBase: state.apiBase };
    const type = OTHER_AUDIT.platformAppSet;
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type, actor, payload, at: setAt }]);
  });
}

/** Removes the app of a platform; false when there was none. Grants it was given go on. */
export async function removeApp(ledger: Ledger, place: AppPlace, actor: Actor): Promise<boolean> {
  const { workspaceId, platform } = place;
  return ledger.db.transaction(async (tx) => {
    const [removed] = await tx.delete(platformApps).where(isApp(place)).returning({ clientId: platformApps.clientId });
    if (!removed) return false;
    const payload = { platform, clientId: removed.clientId };
    const at = ledger.clock.now();
    const type = OTHER_AUDIT.platformAppRemoved;
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type, actor, payload, at }]);
    return true;
  });
}

/** The apps of a workspace by platform. */
export async function listApps(ledger: Ledger, workspaceId: string): Promise<PlatformAppRow[]> {
  const rows = await ledger.db
    .select()
    .from(platformApps)
    .where(eq(platformApps.workspaceId, workspaceId))
    .orderBy(asc(platformApps.platform));
  return rows.map(({ sealedSecret, ...row }) => ({ ...row, hasSecret: sealedSecret !== null }));
}

/** The app with its secret, or null when none is set. @throws SecretUnreadable */
export async function openApp(ledger: Ledger, place: AppPlace): Promise<OpenedApp | null> {
  const [row] = await ledger.db.select().from(platformApps).where(isApp(place));
  if (!row) return null;
  const clientSecret = row.sealedSecret && ledger.sealer.openText(sealedFor(place), row.sealedSecret);
  return { clientId: row.clientId, clientSecret, apiBase: row.apiBase };
}
