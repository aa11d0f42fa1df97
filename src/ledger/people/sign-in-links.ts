// Links that sign the person of a laptop in: printed there, for ten minutes, and good for one use.
import { eq, lt } from 'drizzle-orm';
import { newSecret, sha256 } from '../../runtime/ids.ts';
import type { Ledger } from '../ledger.ts';
import { signInLinks, users } from '../schema/people.ts';
import { type OpenSession, openSession, type SessionLimits } from './sessions.ts';
import { ensureLocalPerson } from './users.ts';

const LINK_MS = 10 * 60_000;

/** Makes a link's secret for the person of this machine, an admin of that workspace. */
export async function makeSignInLink(
  ledger: Ledger,
  workspaceId: string,
): Promise<{ secret: string; expiresAt: Date }> {
  const userId = await ensureLocalPerson(ledger, workspaceId);
  const secret = newSecret('');
  const now = ledger.clock.now();
  const expiresAt = new Date(now.getTime() + LINK_MS);
  await ledger.db.delete(signInLinks).where(lt(signInLinks.expiresAt, now));
  await ledger.db.insert(signInLinks).values({ hash: sha256(secret), userId, workspaceId, createdAt: now, expiresAt });
  return { secret, expiresAt };
}

/**
 * Uses a link up and opens a session in the place of the one that the browser had; null when the link is unknown, over,
 * or used before. Of two at once, one gets in.
 */
export async function takeSignInLink(
  ledger: Ledger,
  secret: string,
  options: SessionLimits & { readonly replaces?: string | undefined },
): Promise<OpenSession | null> {
  return ledger.db.transaction(async (tx) => {
    const [link] = await tx
      .delete(signInLinks)
      .where(eq(signInLinks.hash, sha256(secret)))
      .returning();
    if (!link || link.expiresAt <= ledger.clock.now()) return null;
    const { userId, workspaceId } = link;
    const [user] = await tx.select({ name: users.name }).from(users).where(eq(users.id, userId));
    if (!user) return null;
    const { replaces } = options;
    return openSession(tx, ledger, { userId, name: user.name, workspaceId, how: 'link', replaces }, options);
  });
}
