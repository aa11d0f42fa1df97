// What a failure tells about the account itself, so that the next publish need not ask the platform to learn it.
import { eq } from 'drizzle-orm';
import type { CauseCode } from '../domain/causes.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { Tx } from './database.ts';
import { connectedAccounts } from './schema/accounts.ts';

const DEAD_CONNECTION: ReadonlySet<CauseCode> = new Set(['reconnect_required', 'auth_expired']);
const NO_MEDIA: ReadonlySet<CauseCode> = new Set(['x_media_capability_missing', 'x_media_upload_scope_missing']);

/** Marks the account by how an attempt ended: dead connection, missing media capability, or throttled until an instant. */
export async function markAccount(
  tx: Tx,
  accountId: string,
  { end, again }: { readonly end: AttemptEnd; readonly again: boolean },
): Promise<void> {
  const changes = again ? null : changesFor(end);
  if (changes) await tx.update(connectedAccounts).set(changes).where(eq(connectedAccounts.id, accountId));
}

function changesFor(end: AttemptEnd): Partial<typeof connectedAccounts.$inferInsert> | null {
  if (end.kind === 'unconfirmed') return end.connectionDead ? { status: 'reconnect_required' } : null;
  if (end.kind === 'rate_limited') return { rateLimitResetsAt: end.resumeAt };
  if (end.kind !== 'refused') return null;
  if (DEAD_CONNECTION.has(end.cause.code)) return { status: 'reconnect_required' };
  return NO_MEDIA.has(end.cause.code) ? { mediaCapabilityMissing: true } : null;
}
