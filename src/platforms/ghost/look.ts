// Looks for the post by the id we hold; where it is gone, by our mark. Ghost answers from its own database and never lags.
import type { Look, SentIntent } from '../create-and-look.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { markersSchema } from './create.ts';
import { isLive, marked, readPost } from './posts.ts';
import { likeness } from './refusals.ts';
import type { GhostPost } from './wire.ts';

/**
 * One look. A draft is not live, whoever made it one again. @throws StepRefused when a post that may be ours stands elsewhere,
 * or Ghost refuses to answer; StepUnanswered when it could not be read
 */
export async function look(session: PlatformSession, intent: SentIntent): Promise<Look> {
  const markers = markersSchema.safeParse(intent.markers).data;
  if (!markers) throw new StepUnanswered('reconcile', 'the intent does not say which draft was published');
  const post = await readPost(session, markers.postId, 'reconcile');
  if (post && post.id !== markers.postId) {
    throw new StepUnanswered('reconcile', 'Ghost answered with another post than the one asked for');
  }
  if (post && isLive(post)) return live(post);
  const carrying = (await marked(session, markers.mark, 'reconcile')).filter(isLive);
  const first = carrying.find(({ id, slug }) => slug === markers.slug && !intent.takenPostIds.has(id));
  if (first) return live(first);
  const [other] = carrying;
  if (other) throw likeness(other);
  return { kind: 'missing', coverage: { kind: 'by_key' } };
}

/** The public address of a published post; null for any other. @throws StepRefused | StepUnanswered */
export async function link(session: PlatformSession, platformPostId: string): Promise<string | null> {
  const post = await readPost(session, platformPostId, 'reconcile');
  return post && isLive(post) ? (post.url ?? null) : null;
}

function live({ id, url }: GhostPost): Look {
  return { kind: 'live', platformPostId: id, url: url ?? undefined };
}
