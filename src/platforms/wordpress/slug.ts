// The slug must be free but for our draft: WordPress would publish under `slug-2` without a word.
import { markOf } from '../blog/mark.ts';
import type { PlatformSession } from '../sessions.ts';
import { askUnless } from './call.ts';
import { rewrite } from './draft.ts';
import { notPublished } from './not-published.ts';
import { optionsOf } from './options.ts';
import { carriesMark } from './own-post.ts';
import type { Site } from './site.ts';
import { type Named, named, othersAt, pageInTheWay } from './standing.ts';
import { postSchema, type WpPost } from './wire.ts';

const LOOKS = 4;
const PAUSE_MS = 500;
const ANY_MARK = /<!-- op-[0-9a-f]{24} -->/;

/** Gives the draft its slug. @throws StepRefused when another has it, which is named and left as it is; StepUnanswered */
export async function claimSlug(session: PlatformSession, site: Site, own: WpPost): Promise<void> {
  if (own.status === 'publish') return;
  const { slug } = optionsOf(session.post);
  let draft = own;
  for (let look = 0; look < LOOKS; look += 1) {
    const { posts, shown, hidden } = await othersAt(session, site, { stage: 'parent', slug, ownId: draft.id });
    const blocker = (await whoBlocks(session, site, posts)) ?? shown[0] ?? null;
    if (blocker && draft.slug === slug && givesWay(draft, blocker)) await session.wait(PAUSE_MS * 2 ** look);
    else if (blocker) await refuseFor(session, site, draft, named(blocker));
    else if (hidden > 0) await refuseFor(session, site, draft, 'a post that this account may not see');
    else if (draft.slug === slug) return assertNoPage(session, site, draft, slug);
    else draft = await rewrite(session, site, draft.id, { slug });
  }
  throw taken(slug, 'WordPress itself or somebody who publishes at the same time');
}

/** Ours from an answer that was lost goes to the bin; the first of the others is in the way, what readers see before drafts. */
async function whoBlocks(session: PlatformSession, site: Site, posts: readonly WpPost[]): Promise<WpPost | null> {
  const mark = markOf(session.post);
  const others: WpPost[] = [];
  for (const post of posts) {
    if (carriesMark(post, mark) && post.status === 'draft') await intoTheBin(session, site, post);
    else others.push(post);
  }
  return others.find(({ status }) => status === 'publish') ?? others[0] ?? null;
}

function intoTheBin(session: PlatformSession, site: Site, { id }: WpPost): Promise<unknown> {
  const question = { stage: 'parent', method: 'DELETE', route: `/wp/v2/posts/${id}`, schema: postSchema } as const;
  const gone = { codes: ['rest_already_trashed', 'rest_post_invalid_id'], read: () => null };
  return askUnless(session, site, question, gone);
}

/** Of two drafts of ours that came at once the younger leaves: it asks for its slug again, and WordPress numbers it. */
function givesWay(draft: WpPost, other: WpPost | Named): boolean {
  return 'content' in other && other.status === 'draft' && other.id > draft.id && ANY_MARK.test(other.content.raw);
}

/** Ours asks for its slug again and gets a number: a draft under the slug as well would keep the other from publishing there. */
async function refuseFor(session: PlatformSession, site: Site, draft: WpPost, by: string): Promise<never> {
  const { slug } = optionsOf(session.post);
  await rewrite(session, site, draft.id, { slug });
  throw taken(slug, by);
}

async function assertNoPage(session: PlatformSession, site: Site, draft: WpPost, slug: string): Promise<void> {
  const page = await pageInTheWay(session, site, draft, slug);
  if (page) throw taken(slug, `the page "${page.title.rendered}" (${page.link})`);
}

/** What is in the way of a slug, in words; nothing of it was changed. */
function taken(slug: string, by: string) {
  return notPublished(
    'parent',
    `The slug "${slug}" is taken by ${by}; it was left as it is. Choose another slug, or rename what is there, then replay.`,
  );
}
