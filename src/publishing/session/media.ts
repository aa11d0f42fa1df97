// The media door as adapters see it: open while the attempt is kept, and what cannot be fetched ends the step by type.
// Pictures leave without what was written about them, unless the settings say otherwise.
import { cause } from '../../domain/causes/causes.ts';
import type { WorkspaceMedia } from '../../mediastore/workspace-media.ts';
import type { MediaSource } from '../../platforms/sessions.ts';
import { StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';
import type { Settings } from '../../runtime/settings/settings.ts';
import type { OpenMediaSource } from '../../transport/media.ts';
import { MediaUnavailable } from '../../transport/media-unavailable.ts';
import { NotWellFormed } from '../../transport/pictures/not-well-formed.ts';
import { withoutMetadata } from '../../transport/pictures/strip-metadata.ts';
import type { Keeper } from '../attempt/keeper.ts';

/** Wraps the transport's media door for one attempt on one platform. */
export function leasedMedia(
  source: Pick<OpenMediaSource, 'chunks'> & Partial<Pick<WorkspaceMedia, 'publicAddress'>>,
  keeper: Pick<Keeper, 'assertInTime' | 'ended'>,
  platform: string,
  { stripMetadata }: Pick<Settings['media'], 'stripMetadata'>,
): MediaSource {
  const refused = (externalText: string, rawText: string) =>
    new StepRefused(
      cause({ code: 'media_invalid', source: 'status_only', platform, stage: 'media', externalText, rawText }),
    );
  const media: MediaSource = {
    async *chunks(url, expected, chunkBytes) {
      keeper.assertInTime('media');
      try {
        yield* source.chunks(url, expected, chunkBytes, keeper.ended);
      } catch (error) {
        if (!(error instanceof MediaUnavailable)) throw error;
        keeper.assertInTime('media');
        // A host that is down says nothing about the file: the step is tried again later, by itself.
        if (error.problem === 'unreachable') throw new StepUnanswered('media', error.message);
        throw refused(error.message, error.problem);
      }
    },
    publicAddress: (url) => source.publicAddress?.(url) ?? url,
    async picture({ url, sizeBytes, mediaType }) {
      const parts: Uint8Array[] = [];
      for await (const part of media.chunks(url, { sizeBytes, mediaType }, sizeBytes)) parts.push(part);
      const file = Buffer.concat(parts);
      if (!stripMetadata) return file;
      try {
        return withoutMetadata(file, mediaType);
      } catch (error) {
        if (!(error instanceof NotWellFormed)) throw error;
        const { host } = new URL(url);
        const which = host === '' ? 'stored media file' : `media file at ${host}`;
        throw refused(
          `The ${which} ${error.message}, so its private metadata cannot be taken out. Put a whole file there, or switch media.strip_metadata off.`,
          error.name,
        );
      }
    },
  };
  return media;
}
