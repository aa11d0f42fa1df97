// The containers of a post as the ledger remembers them: saved as soon as Instagram names them, forgotten when they
// can no longer be published.
import { z } from 'zod';
import type { PlatformSession } from '../contract.ts';
import type { ContainerSpec } from './plan.ts';

const recordSchema = z.object({
  id: z.string().min(1),
  createdAt: z.iso.datetime(),
  mediaUrl: z.string().nullable(),
  /** The version of the post it was made for: another version's caption must never go live (law 7). */
  fingerprint: z.string(),
});
export type ContainerRecord = z.infer<typeof recordSchema>;

/** The saved container of a slot, if it was made for this version of the post. */
export function savedContainer(session: PlatformSession, slot: string): ContainerRecord | undefined {
  const read = recordSchema.safeParse(session.remote.get(slot));
  return read.success && read.data.fingerprint === session.post.fingerprint ? read.data : undefined;
}

/** Remembers a container that Instagram has just named. */
export async function saveContainer(
  session: PlatformSession,
  spec: ContainerSpec,
  id: string,
): Promise<ContainerRecord> {
  const record: ContainerRecord = {
    id,
    createdAt: session.now().toISOString(),
    mediaUrl: spec.mediaUrl,
    fingerprint: session.post.fingerprint,
  };
  await session.remote.save(spec.slot, record);
  return record;
}

/** How long ago the container was made, in ms. */
export function ageMs(session: PlatformSession, record: ContainerRecord): number {
  return session.now().getTime() - Date.parse(record.createdAt);
}
