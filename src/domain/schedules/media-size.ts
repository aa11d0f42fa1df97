// How much a publish has to carry: what decides on which task queue it runs.
import type { Content } from './post.ts';

/** What all media of a post weigh together, in bytes. */
export function mediaBytes({ media }: Pick<Content, 'media'>): number {
  return media.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
