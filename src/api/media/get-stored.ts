// GET /media/{sha256}: a stored file for a platform that fetches media itself. The address is signed by us and ends; to anybody
// else there is nothing here.
import { findStoredAnywhere } from '../../ledger/media/stored-media.ts';
import { BlobMissing, StoreAway } from '../../mediastore/blobs.ts';
import { serveStored } from '../../mediastore/serve.ts';
import { ApiRefused } from '../api-refused.ts';
import type { Api, ApiDeps } from '../deps.ts';

/** Registers it; it is no operation of the API, whose document does not name it. */
export function getStored(api: Api, { ledger, store }: ApiDeps): void {
  api.get('/media/:sha256', async (c) => {
    const sha256 = c.req.param('sha256');
    const { e: ends = '', s: signature = '' } = c.req.query();
    // Proven before anything is looked up: who guesses learns nothing, not even by time.
    if (!store.addresses.holds(sha256, { ends, signature }, c.get('arrivedAt'))) throw new ApiRefused('not_found');
    const file = await findStoredAnywhere(ledger, sha256);
    if (!file) throw new ApiRefused('not_found');
    try {
      return await serveStored(store.blobs, file, { method: c.req.method, range: c.req.header('range') });
    } catch (error) {
      if (error instanceof BlobMissing) throw new ApiRefused('not_found');
      if (error instanceof StoreAway) throw new ApiRefused('media_store_unavailable', { message: error.message });
      throw error;
    }
  });
}
