// The versions of edited posts: each edit is a post of its own, under a new id (reference: X, 1.4).
import { z } from 'zod';
import type { Journal } from '../journal.ts';

const versionsSchema = z.object({ id: z.string(), ids: z.array(z.string()) });

/** The store of versions: the ids of a post's versions, oldest first, its own last. */
export type Versions = { of(postId: string): string[]; add(postId: string, earlier: readonly string[]): void };

/** Opens the store over the journal. */
export function openVersions(journal: Journal): Versions {
  const byId = new Map<string, string[]>();
  const room = journal.room({
    name: 'x.versions',
    schema: versionsSchema,
    apply: ({ id, ids }) => byId.set(id, ids),
    clear: () => byId.clear(),
  });
  return {
    of: (postId) => byId.get(postId) ?? [postId],
    add: (postId, earlier) => room.put({ id: postId, ids: [...earlier, postId] }),
  };
}
