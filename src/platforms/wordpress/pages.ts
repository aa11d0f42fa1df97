// What stands under a slug, for whoever must know what is true before anything is made.
import { z } from 'zod';
import type { BlogPages, NearbyPost, StandingPage } from '../contract.ts';
import type { AccountSession, PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { ask, askList, askUnless } from './call.ts';
import { POST_FIELDS } from './own-post.ts';
import { refuses } from './refuses.ts';
import { findSite, type Site } from './site.ts';
import { postSchema, shownPostSchema, termSchema, type WpPost } from './wire.ts';

/** WordPress numbers a taken slug from 2 and fills gaps: this far is asked. */
const MOST_NUMBER = 20;
const MARKS = /(?<=<!-- )op-[0-9a-f]{24}(?= -->)/g;

export const pages: BlogPages = {
  refuses,
  async standingAt(session, slug) {
    const site = await findSite(session);
    const slugs = [slug, ...Array.from({ length: MOST_NUMBER - 1 }, (_, index) => `${slug}-${index + 2}`)];
    const found = await allUnder(session, site, slugs);
    const zones = await zonesOf(session, site, found);
    return found.map((post) => toPage(post, zones));
  },
};

type Shown = Omit<WpPost, 'title' | 'content' | 'excerpt'> & { readonly heading: string; readonly html: string };

/** As editors get them; what this account may only read, as readers do. */
async function allUnder(session: AccountSession, site: Site, slugs: readonly string[]): Promise<Shown[]> {
  const common = { stage: 'reconcile', route: '/wp/v2/posts' } as const;
  const query = { slug: slugs.join(','), status: 'any', _fields: POST_FIELDS };
  const edited = await askList(session, site, { ...common, query: { ...query, context: 'edit' }, schema: postSchema });
  if (edited.hidden === 0) {
    return edited.entries.map(({ title, content, ...post }) => ({
      ...post,
      heading: title.raw,
      html: content.rendered,
    }));
  }
  const shown = await askList(session, site, { ...common, query, schema: shownPostSchema });
  if (shown.hidden > 0) {
    throw new StepUnanswered('reconcile', `${shown.hidden} posts under this slug may not be seen by this account`);
  }
  return shown.entries.map(({ title, content, ...post }) => ({
    ...post,
    heading: title.rendered,
    html: content.rendered,
  }));
}

async function zonesOf(session: AccountSession, site: Site, posts: readonly Shown[]): Promise<Map<number, string>> {
  const ids = [...new Set(posts.flatMap(({ categories }) => categories))];
  if (ids.length === 0) return new Map();
  const query = { include: ids.join(','), _fields: 'id,slug' };
  const asked = { stage: 'reconcile', route: '/wp/v2/categories', query, schema: termSchema } as const;
  const { entries } = await askList(session, site, asked);
  return new Map(entries.map(({ id, slug }) => [id, slug]));
}

function toPage(
  { id, slug, status, categories, heading, html, link, ...more }: Shown,
  zones: Map<number, string>,
): StandingPage {
  const canonical = more.yoast_head_json?.canonical;
  return {
    id: String(id),
    slug,
    status: status === 'publish' ? 'published' : 'draft',
    zones: categories.flatMap((category) => zones.get(category) ?? []),
    title: heading,
    html,
    url: link,
    canonicalUrl: canonical === undefined || canonical === link ? null : canonical,
    marks: [...new Set(html.match(MARKS))],
    updatedAt: more.modified_gmt ?? null,
  };
}

const NEARBY_MS = 2 * 3_600_000;
const listedSchema = z.array(shownPostSchema);

/** The account's posts around an instant, as readers get them. @throws StepRefused | StepUnanswered */
export async function nearby(session: AccountSession, { around }: { readonly around: Date }): Promise<NearbyPost[]> {
  const site = await findSite(session);
  const at = (ms: number) => new Date(around.getTime() + ms).toISOString();
  const query = { status: 'any', after: at(-NEARBY_MS), before: at(NEARBY_MS), per_page: '50', _fields: POST_FIELDS };
  const found = await ask(session, site, { stage: 'reconcile', route: '/wp/v2/posts', query, schema: listedSchema });
  return found.map(({ id, title, status, date_gmt, link }) => ({
    id: String(id),
    text: status === 'publish' ? title.rendered : `${title.rendered} (${status})`,
    at: date_gmt ?? null,
    url: link,
  }));
}

/** Where readers find a live post; null while they do not. @throws StepRefused | StepUnanswered */
export async function link(session: PlatformSession, platformPostId: string): Promise<string | null> {
  const site = await findSite(session);
  const schema = z.object({ status: z.string(), link: z.string() });
  const query = { _fields: 'status,link' };
  const question = { stage: 'reconcile', route: `/wp/v2/posts/${Number(platformPostId)}`, query, schema } as const;
  const post = await askUnless(session, site, question, { codes: ['rest_post_invalid_id'], read: () => null });
  return post?.status === 'publish' ? post.link : null;
}
