// Who stands under a slug of the site. WordPress keeps no slug for one post alone: it writes another number behind the next,
// and where two come at once it does not even that.
import type { Stage } from '../../domain/causes/causes.ts';
import type { PlatformSession } from '../contract.ts';
import { askList } from './call.ts';
import { POST_FIELDS } from './own-post.ts';
import type { Site } from './site.ts';
import { pageSchema, postSchema, type WpPost } from './wire.ts';

/** Others under exactly this slug, oldest first, and how many that this account may not see. */
export interface Others {
  readonly posts: readonly WpPost[];
  readonly hidden: number;
}

/** Drafts included: they keep a slug as much as what is published. @throws StepRefused | StepUnanswered */
export async function othersAt(
  session: PlatformSession,
  site: Site,
  wanted: { readonly stage: Stage; readonly slug: string; readonly ownId: number },
): Promise<Others> {
  const { stage, slug, ownId } = wanted;
  const query = { slug, status: 'any', context: 'edit', _fields: POST_FIELDS };
  const asked = { stage, window: 'read', route: '/wp/v2/posts', query, schema: postSchema } as const;
  const { entries, hidden } = await askList(session, site, asked);
  return { posts: entries.filter((post) => post.id !== ownId && post.slug === slug), hidden };
}

/** A page that readers find under the address that a post would get: WordPress minds no such thing. */
export async function pageInTheWay(session: PlatformSession, site: Site, post: WpPost, slug: string) {
  const address = post.permalink_template.replace('%postname%', slug);
  const query = { slug, _fields: 'id,link,title' };
  const asked = { stage: 'parent', window: 'read', route: '/wp/v2/pages', query, schema: pageSchema } as const;
  const { entries } = await askList(session, site, asked);
  return entries.find(({ link }) => link === address) ?? null;
}

/** A post in words: its title, where it is, and whether readers see it. */
export function named({ id, title, status, link }: Pick<WpPost, 'id' | 'title' | 'status' | 'link'>): string {
  const what = status === 'publish' ? 'published' : status;
  return `"${title.raw}" (WordPress post ${id}, ${what}, ${link})`;
}
