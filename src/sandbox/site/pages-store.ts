// The site's own record of its pages. What of them is live is told to the judge, who may take a page down by himself.
import { z } from 'zod';
import type { Journal } from '../journal.ts';
import type { Post, Posts } from '../posts.ts';

export const sitePageSchema = z.object({
  /** A number, as a text; no two pages of any site share one. */
  id: z.string(),
  accountId: z.string(),
  slug: z.string(),
  zone: z.string(),
  title: z.string(),
  html: z.string(),
  excerpt: z.string().nullable(),
  tags: z.array(z.string()),
  /** What its maker gave to know it again; readers never see it. */
  key: z.string().nullable(),
  canonicalUrl: z.string().nullable(),
  status: z.enum(['published', 'draft']),
  createdAtMs: z.number(),
  changedAtMs: z.number(),
  /** When visitors see it as it is now. */
  shownFromMs: z.number(),
  /** When the tool that looks up knows it; null: never. */
  knownFromMs: z.number().nullable(),
});

/** One page of one site. */
export type SitePage = z.infer<typeof sitePageSchema>;

export type SitePages = {
  nextId(): string;
  /** The page as it is now; `url` is where readers find it. */
  put(page: SitePage, url: string): void;
  remove(page: SitePage, nowMs: number): void;
  /** Every page there is, drafts too, the oldest first. */
  of(accountId: string): SitePage[];
};

export const PLATFORM = 'site';

/** Opens the store over the journal. */
export function openSitePages(journal: Journal, posts: Posts): SitePages {
  const pages = new Map<string, SitePage>();
  const removed = new Set<string>();
  const room = journal.room({
    name: 'site.pages',
    schema: sitePageSchema,
    apply: (page) => pages.set(page.id, page),
    clear: () => pages.clear(),
  });
  const removals = journal.room({
    name: 'site.removed',
    schema: z.object({ id: z.string() }),
    apply: ({ id }) => removed.add(id),
    clear: () => removed.clear(),
  });
  const isThere = ({ id, status }: SitePage) =>
    !removed.has(id) && (status === 'draft' || posts.find(PLATFORM, id)?.deletedAtMs === null);
  return {
    nextId: () => String(pages.size + 1),
    put: (page, url) => {
      room.put(page);
      const known = posts.find(PLATFORM, page.id);
      const deletedAtMs = page.status === 'published' ? null : page.changedAtMs;
      if (known || deletedAtMs === null) posts.put({ ...postOf(page, url), deletedAtMs });
    },
    remove: (page, nowMs) => {
      removals.put({ id: page.id });
      const known = posts.find(PLATFORM, page.id);
      if (known) posts.put({ ...known, deletedAtMs: nowMs });
    },
    of: (accountId) => [...pages.values()].filter((page) => page.accountId === accountId && isThere(page)),
  };
}

function postOf(page: SitePage, url: string): Post {
  return {
    platform: PLATFORM,
    accountId: page.accountId,
    id: page.id,
    url,
    text: page.title,
    media: [],
    createdAtMs: page.createdAtMs,
    listedFromMs: page.knownFromMs,
    replyTo: null,
    madeFrom: null,
    contentKey: JSON.stringify([page.zone, page.slug, page.title, page.html]),
    deletedAtMs: null,
  };
}
