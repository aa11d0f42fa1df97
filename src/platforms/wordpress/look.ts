// Looks for the post by the id it was created under; where that was deleted for good, by its mark. A post that came out
// under another's number (`slug-2`) is given its slug, or taken back where the slug is another's.
import type { Look, SentIntent } from '../create-and-look.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { markersSchema } from './create.ts';
import { inHand, rewrite } from './draft.ts';
import { undecided } from './not-published.ts';
import { carriesMark, findMarked, readPost } from './own-post.ts';
import { findSite, type Site } from './site.ts';
import { named, othersAt } from './standing.ts';
import type { WpPost } from './wire.ts';

const MISSING: Look = { kind: 'missing', coverage: { kind: 'by_key' } };

interface Sought {
  readonly postId: number;
  readonly slug: string;
  readonly mark: string;
}

/**
 * One look. @throws StepRefused when a person has taken the post in hand, when it is no longer surely ours, or when
 * WordPress refuses to answer; StepUnanswered when it could not be read
 */
export async function look(session: PlatformSession, intent: SentIntent): Promise<Look> {
  const sought = markersSchema.safeParse(intent.markers).data;
  if (!sought) throw new StepUnanswered('reconcile', 'the intent does not say which draft was published');
  const site = await findSite(session);
  const own = (await readPost(session, site, 'reconcile', sought.postId)) ?? (await otherMarked(session, site));
  if (own === null || own.status === 'draft') return MISSING;
  if (own.status !== 'publish') throw undecided(inHand(own));
  if (!carriesMark(own, sought.mark)) throw undecided(unlike(own));
  if (intent.takenPostIds.has(String(own.id))) throw undecided(`The post of another schedule stands at ${named(own)}.`);
  return isNumbered(own.slug, sought.slug) ? mend(session, site, own, sought) : live(own);
}

/** The id is gone: whatever of ours readers see, the oldest, lest another be made beside it. */
async function otherMarked(session: PlatformSession, site: Site): Promise<WpPost | null> {
  const marked = await findMarked(session, site, 'reconcile');
  return marked.find(({ status }) => status === 'publish') ?? null;
}

/** Whether WordPress made the slug of the one that was asked for; any other a person chose. */
function isNumbered(slug: string, wanted: string): boolean {
  return slug.startsWith(`${wanted}-`) && /^\d+$/.test(slug.slice(wanted.length + 1));
}

/** The slug is free by now: the post gets it. It is another's: the post is taken back, and the next attempt says whose. */
async function mend(session: PlatformSession, site: Site, own: WpPost, { slug }: Sought): Promise<Look> {
  const { posts, shown, hidden } = await othersAt(session, site, { stage: 'reconcile', slug, ownId: own.id });
  if (posts.length + shown.length + hidden === 0) {
    const renamed = await rewrite(session, site, own.id, { slug }, 'reconcile');
    if (renamed.status === 'publish' && renamed.slug === slug) return live(renamed);
  }
  const back = await rewrite(session, site, own.id, { status: 'draft' }, 'reconcile');
  if (back.status === 'draft') return MISSING;
  throw undecided(
    `The post came out under a slug that WordPress numbered, and could not be taken back: ${named(back)}.`,
  );
}

function live({ id, link }: WpPost): Look {
  return { kind: 'live', platformPostId: String(id), url: link };
}

function unlike(own: WpPost): string {
  return `The post under the id that was published no longer carries the mark of this one: ${named(own)}. Somebody rewrote it, or the site was restored from a backup. Nothing more was sent; look at it, then resolve the publish.`;
}
