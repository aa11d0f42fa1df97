// X as the grid plays on it: its kinds of posts, its create, and the read that tells whether a post is live.
import { sampleItem } from './samples.ts';
import type { SandboxPlatform } from './sandbox-ground.ts';

export const X: SandboxPlatform = {
  platform: 'x',
  createCall: 'create_post',
  look: { last: 'timeline' },
  /** X refuses no repetition unless a cell asks for it: nothing but our own protocol keeps a second post away. */
  account: { settings: { processingMs: 100 } },
  post(kind, mediaUrl) {
    if (kind === 'photo') return { media: [sampleItem(mediaUrl, 'sample.jpg', 'Grey stripes')] };
    return kind === 'video' ? { media: [sampleItem(mediaUrl, 'sample.mp4')] } : {};
  },
};
