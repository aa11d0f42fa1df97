// The judge of law 1: every post that is live on a stand-in, whatever its author was told about it.
import { z } from 'zod';
import type { Journal } from './journal.ts';

/** The record of one post. */
export const postSchema = z.object({
  platform: z.string(),
  accountId: z.string(),
  id: z.string(),
  url: z.string(),
  /** The text as the author sent it, before the platform rewrites it for its answers. */
  text: z.string(),
  media: z.array(z.object({ id: z.string(), key: z.string(), kind: z.string(), altText: z.string().nullable() })),
  createdAtMs: z.number(),
  /** Until then lists leave it out; null: for ever. Reads by id show it at once. */
  listedFromMs: z.number().nullable(),
  replyTo: z.string().nullable(),
  /** The platform object it was made from (Instagram: the container); null where there is none. */
  madeFrom: z.string().nullable(),
  /** What the platform compares to recognise a repetition. */
  contentKey: z.string(),
  deletedAtMs: z.number().nullable(),
});

/** One post on one account of one stand-in. */
export type Post = z.infer<typeof postSchema>;

/** True when lists show the post at this time. */
export function isListed(post: Post, nowMs: number): boolean {
  return post.deletedAtMs === null && post.listedFromMs !== null && post.listedFromMs <= nowMs;
}

/** The store of posts. `ofAccount` is in the order they went live, deleted ones included. */
export type Posts = {
  put(post: Post): void;
  find(platform: string, id: string): Post | undefined;
  ofAccount(platform: string, accountId: string): readonly Post[];
  /** The newest post of the account with this content key, deleted or not: refusals name those too. */
  latestLike(platform: string, accountId: string, contentKey: string): Post | undefined;
  live(platform: string | undefined, accountId: string | undefined): Post[];
};

/** Opens the store over the journal. */
export function openPosts(journal: Journal): Posts {
  const byId = new Map<string, Post>();
  const byAccount = new Map<string, Post[]>();
  const byContent = new Map<string, Post>();
  const key = (...parts: string[]) => parts.join('\n');

  const room = journal.room({
    name: 'posts',
    schema: postSchema,
    apply: (post) => {
      const account = key(post.platform, post.accountId);
      const known = byId.get(key(post.platform, post.id));
      const posts = byAccount.get(account) ?? [];
      if (known) posts[posts.lastIndexOf(known)] = post;
      else posts.push(post);
      byAccount.set(account, posts);
      byId.set(key(post.platform, post.id), post);
      const content = key(account, post.contentKey);
      if (!known || byContent.get(content) === known) byContent.set(content, post);
    },
    clear: () => {
      byId.clear();
      byAccount.clear();
      byContent.clear();
    },
  });
  const isLive = (post: Post) => post.deletedAtMs === null;
  return {
    put: (post) => room.put(post),
    find: (platform, id) => byId.get(key(platform, id)),
    ofAccount: (platform, accountId) => byAccount.get(key(platform, accountId)) ?? [],
    latestLike: (platform, accountId, contentKey) => byContent.get(key(platform, accountId, contentKey)),
    live: (platform, accountId) => {
      if (platform && accountId) return (byAccount.get(key(platform, accountId)) ?? []).filter(isLive);
      return [...byId.values()].filter(
        (post) =>
          isLive(post) && (!platform || post.platform === platform) && (!accountId || post.accountId === accountId),
      );
    },
  };
}
