// The media door as adapters see it: open while the attempt is kept, and what cannot be fetched ends the step by type.
import { cause } from '../../domain/causes/causes.ts';
import { type MediaSource, StepRefused, StepUnanswered } from '../../platforms/contract.ts';
import type { OpenMediaSource } from '../../transport/media.ts';
import { MediaUnavailable } from '../../transport/media-unavailable.ts';
import type { Keeper } from '../attempt/keeper.ts';

/** Wraps the transport's media door for one attempt on one platform. */
export function leasedMedia(source: Pick<OpenMediaSource, 'chunks'>, keeper: Keeper, platform: string): MediaSource {
  return {
    async *chunks(url, expected, chunkBytes) {
      keeper.assertInTime('media');
      try {
        yield* source.chunks(url, expected, chunkBytes, keeper.ended);
      } catch (error) {
        if (!(error instanceof MediaUnavailable)) throw error;
        keeper.assertInTime('media');
        // A host that is down says nothing about the file: the step is tried again later, by itself.
        if (error.problem === 'unreachable') throw new StepUnanswered('media', error.message);
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
