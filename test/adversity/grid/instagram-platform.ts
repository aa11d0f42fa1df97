// Instagram as the grid plays on it: its kinds of posts, its create, and the reads that tell whether a post is live.
import { sampleItem } from './samples.ts';
import type { SandboxPlatform } from './sandbox-ground.ts';

export const INSTAGRAM: SandboxPlatform = {
  platform: 'instagram',
  createCall: 'publish',
  look: { first: 'container_status', last: 'media_list' },
  /** A grant that is young enough to need no renewal and old enough for one, and media that are ready at once. */
  account: { tokenAgeMs: 2 * 24 * 3_600_000, settings: { processingMs: 0 } },
  post(kind, mediaUrl) {
    const photo = sampleItem(mediaUrl, 'sample.jpg');
    if (kind === 'carousel') return { media: [photo, photo] };
    return { media: [kind === 'video' ? sampleItem(mediaUrl, 'sample.mp4') : photo] };
  },
};
