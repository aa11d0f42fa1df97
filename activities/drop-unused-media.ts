// The activity `dropUnusedMedia`: one look for stored files that no post names.
import { dropUnused } from '../src/mediastore/sweep-unused.ts';
import type { PublishingContext } from '../src/publishing/context.ts';

/** Makes the activity; it answers how many files were dropped. */
export function dropUnusedMediaActivity(context: PublishingContext) {
  return async function dropUnusedMedia(): Promise<number> {
    return dropUnused(context);
  };
}
