// Counts how often a post came as far as its create. Refusals that pass by themselves are tried again after a reconcile
// found nothing live, but not for ever.
import { z } from 'zod';
import type { PlatformSession } from '../contract.ts';

const SLOT = 'publishTries';
const LIMIT = 3;

/** One more create is about to be made. */
export async function countPublishTry(session: PlatformSession): Promise<void> {
  await session.remote.save(SLOT, tries(session) + 1);
}

/** The post came this far often enough: the next refusal is for a person. */
export function publishTriesAreSpent(session: PlatformSession): boolean {
  return tries(session) >= LIMIT;
}

function tries(session: PlatformSession): number {
  const read = z.int().nonnegative().safeParse(session.remote.get(SLOT));
  return read.success ? read.data : 0;
}
