// The containers of a post as the ledger remembers them: saved as soon as Instagram names them, forgotten when they
// can no longer be published.
import { z } from 'zod';
import type { PlatformSession } from '../sessions.ts';
import type { ContainerSpec } from './plan.ts';

const recordSchema = z.object({
  id: z.string().min(1),
  createdAt: z.iso.datetime(),
  madeFrom: z.string().optional(),
  /** Records of the first release name the schedule's version instead, which its time was part of. */
  fingerprint: z.string().optional(),
});
export type ContainerRecord = z.infer<typeof recordSchema>;

/** What stands in a slot, whatever it was made from. */
export function recordIn(session: PlatformSession, slot: string): ContainerRecord | undefined {
  return recordSchema.safeParse(session.remote.get(slot)).data;
}

/** The saved container of a slot, if it was made from just this: another caption must never go live (law 7). */
export function savedContainer(
  session: PlatformSession,
  { slot, madeFrom }: Pick<ContainerSpec, 'slot' | 'madeFrom'>,
): ContainerRecord | undefined {
  const record = recordIn(session, slot);
  if (record === undefined) return undefined;
  const isIt =
    record.madeFrom === undefined ? record.fingerprint === session.post.fingerprint : record.madeFrom === madeFrom;
  return isIt ? record : undefined;
}

/** Remembers a container that Instagram has just named. */
export async function saveContainer(
  session: PlatformSession,
  { slot, madeFrom }: Pick<ContainerSpec, 'slot' | 'madeFrom'>,
  id: string,
): Promise<ContainerRecord> {
  const record = { id, createdAt: session.now().toISOString(), madeFrom };
  await session.remote.save(slot, record);
  return record;
}

/** How long ago the container was made, in ms. */
export function ageMs(session: PlatformSession, record: ContainerRecord): number {
  return session.now().getTime() - Date.parse(record.createdAt);
}
