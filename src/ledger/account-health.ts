// What a failure tells about the account itself, so that the next publish need not ask the platform to learn it.
import { eq } from 'drizzle-orm';
import type { Cause, CauseCode } from '../domain/causes.ts';
import type { Tx } from './database.ts';
import { connectedAccounts } from './schema/accounts.ts';

const DEAD_CONNECTION: ReadonlySet<CauseCode> = new Set(['reconnect_required', 'auth_expired']);
const NO_MEDIA: ReadonlySet<CauseCode> = new Set(['x_media_capability_missing', 'x_media_upload_scope_missing']);

/** Marks the account by a failure's cause: dead connection, missing media capability, or throttled until an instant. */
export async function markAccount(tx: Tx, accountId: string, cause: Cause): Promise<void> {
  const changes = changesFor(cause);
  if (changes) await tx.update(connectedAccounts).set(changes).where(eq(connectedAccounts.id, accountId));
}

function changesFor(cause: Cause): Partial<typeof connectedAccounts.$inferInsert> | null {
  if (DEAD_CONNECTION.has(cause.code)) return { status: 'reconnect_required' };
  if (NO_MEDIA.has(cause.code)) return { mediaCapabilityMissing: true };
  if (cause.code === 'rate_limited' && cause.resumeAt) return { rateLimitResetsAt: new Date(cause.resumeAt) };
  return null;
}
