// Who stands under a slug of the site. WordPress keeps no slug for one post alone: it writes another number behind the next,
// and where two come at once it does not even that.
import type { Stage } from '../../domain/causes/causes.ts';
import type { PlatformSession } from '../sessions.ts';
import { askList } from './call.ts';
import { POST_FIELDS } from './own-post.ts';
import type { Site } from './site.ts';
import { pageSchema, postSchema, shownPostSchema, type WpPost } from './wire.ts';

/** As much of a post as a sentence about it needs. */
export interface Named {
  readonly id: number;
  readonly title: string;
  readonly status: string;
  readonly link: string;
}

/** Others under exactly this slug, oldest first. */
export interface Others {
  /** Those that this account may edit. */
  readonly posts: readonly WpPost[];
  /** Those that it may only read. */
  readonly shown: readonly Named[];
  /** How many there are that it may not even see. */
  readonly hidden: number;
}

/** Drafts included: they keep a slug as much as what is published. @throws StepRefused | StepUnanswered */
export async function othersAt(
  session: PlatformSession,
  site: Site,
  { stage, slug, ownId }: { readonly stage: Stage; readonly slug: string; readonly ownId: number },
): Promise<Others> {
  const asked = { stage, window: 'read', route: '/wp/v2/posts' } as const;
  const query = { slug, status: 'any', _fields: POST_FIELDS };
  const edited = await askList(session, site, { ...asked, query: { ...query, context: 'edit' }, schema: postSchema });
  const posts = edited.entries.filter((post) => post.id !== ownId && post.slug === slug);
  if (edited.hidden === 0) return { posts, shown: [], hidden: 0 };
  const read = await askList(session, site, { ...asked, query, schema: shownPostSchema });
  const known = new Set(edited.entries.map(({ id }) => id));
  const shown = read.entries
    .filter(({ id }) => !known.has(id))
    .map(({ id, title, status, link }) => ({ id, title: title.rendered, status, link }));
  return { posts, shown, hidden: read.hidden };
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
export function named({ id, title, status, link }: Named | WpPost): string {
  const what = status === 'publish' ? 'published' : status;
  return `"${typeof title === 'string' ? title : title.raw}" (WordPress post ${id}, ${what}, ${link})`;
}
