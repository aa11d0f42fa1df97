// The media door as adapters see it: open while the attempt is kept, and what cannot be fetched is a typed refusal.
import { cause } from '../domain/causes.ts';
import { type MediaSource, StepRefused } from '../platforms/contract.ts';
import { MediaUnavailable } from '../transport/media-unavailable.ts';
import type { Keeper } from './keeper.ts';

/** Wraps the transport's media door for one attempt on one platform. */
export function leasedMedia(source: MediaSource, keeper: Keeper, platform: string): MediaSource {
  return {
    async *chunks(url, expected, chunkBytes) {
      keeper.assertKept();
      try {
        yield* source.chunks(url, expected, chunkBytes);
      } catch (error) {
        if (!(error instanceof MediaUnavailable)) throw error;
        throw new StepRefused(
          cause({
            code: 'media_invalid',
            source: 'status_only',
            platform,
            stage: 'media',
            externalText: error.message,
            rawText: error.problem,
          }),
        );
      }
    },
  };
}
