// Drops stored files that nobody names: uploads whose post was never made, and those of schedules that are gone.

import type { Logger } from 'pino';
import type { Ledger } from '../ledger/ledger.ts';
import { dropStored, unusedFiles } from '../ledger/media/stored-media.ts';
import { StoreAway } from './blobs.ts';
import type { MediaStore } from './media-store.ts';

export interface SweepDeps {
  readonly ledger: Ledger;
  readonly store: Pick<MediaStore, 'blobs'>;
  readonly settings: { readonly media: { readonly unusedAfterMs: number } };
  readonly log: Logger;
}

/** The next sweep takes up what is left. */
const MOST = 1_000;

/** Answers how many were dropped. */
export async function dropUnused({ ledger, store, settings, log }: SweepDeps): Promise<number> {
  const before = new Date(ledger.clock.now().getTime() - settings.media.unusedAfterMs);
  let dropped = 0;
  for (const file of await unusedFiles(ledger, before, MOST)) {
    try {
      if (await dropStored(ledger, file, before, () => store.blobs.remove(file))) dropped += 1;
    } catch (error) {
      if (!(error instanceof StoreAway)) throw error;
      log.warn({ err: error }, 'unused media could not be dropped; the next sweep tries again');
      break;
    }
  }
  return dropped;
}
