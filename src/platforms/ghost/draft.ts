// The draft that will be published: found again by our mark, made once, and never put over what somebody else wrote.
import { z } from 'zod';
import { markOf } from '../blog/mark.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { type Article, articleOf, optionsOf, saysTheSame } from './article.ts';
import { read, remove, signed } from './call.ts';
import { classifyAnswer, isWorded } from './errors.ts';
import { isLive, marked, readPost, standingAt } from './posts.ts';
import { alreadyLive, changedByOthers, heldByGhost, heldByOther, refusedAs } from './refusals.ts';
import { resolveTags, type WantedTag } from './tags.ts';
import { type GhostPost, onePostSchema } from './wire.ts';

const TRIES = 3;
const PAUSE_MS = 500;

const savedSchema = z.object({ id: z.string().min(1), updatedAt: z.string() });
const KEY = 'draft';

/** The draft as it was last seen. @throws StepUnanswered when none is on record: prepare first */
export function savedDraft(session: PlatformSession): z.infer<typeof savedSchema> {
  const saved = savedSchema.safeParse(session.remote.get(KEY)).data;
  if (saved) return saved;
  throw new StepUnanswered('parent', 'the draft is not on record');
}

/**
 * Brings the draft to stand in Ghost as this version says, under exactly its slug, and saves where it stands. A draft of an
 * earlier version of ours makes room. @throws StepRefused | StepUnanswered | AlreadyLive
 */
export async function bringDraft(session: PlatformSession): Promise<void> {
  const article = articleOf(session);
  const tags = await resolveTags(session, optionsOf(session));
  const ours = await ownPosts(session);
  const live = ours.find(isLive);
  if (live) throw alreadyLive(live);
  const fit = ours.find((post) => isUnpublished(post) && saysTheSame(post, article, tags));
  for (const other of ours.filter((post) => post !== fit)) await makeRoom(session, other);
  await save(session, fit ?? (await make(session, article, tags)));
}

/** What carries our mark, and the draft that we know by its id, should somebody have taken the mark off. */
async function ownPosts(session: PlatformSession): Promise<GhostPost[]> {
  const carrying = (await marked(session, markOf(session.post), 'parent')).filter((post) => !isCopy(post));
  const saved = savedSchema.safeParse(session.remote.get(KEY)).data;
  if (!saved || carrying.some(({ id }) => id === saved.id)) return carrying;
  const known = await readPost(session, saved.id, 'parent');
  return known ? [known, ...carrying] : carrying;
}

/** Ghost names a duplicate that a person makes so; it carries our mark and is none of ours. */
function isCopy({ title }: GhostPost): boolean {
  return /\(Copy\)$/.test(title);
}

/** One that was published and taken back says the same, and whoever took it back wants it so. */
function isUnpublished({ status, published_at }: GhostPost): boolean {
  return status === 'draft' && !published_at;
}

/** Ghost sets both on one clock when it makes a post; whoever changes it moves one of them. */
function isUntouched({ status, created_at, updated_at }: GhostPost): boolean {
  return status === 'draft' && created_at === updated_at;
}

async function makeRoom(session: PlatformSession, post: GhostPost): Promise<void> {
  if (!isUntouched(post)) throw changedByOthers(post);
  await remove(session, { path: `posts/${post.id}/`, stage: 'parent' });
}

/** @throws StepRefused when another page stands under the slug */
async function make(session: PlatformSession, article: Article, tags: readonly WantedTag[]): Promise<GhostPost> {
  await assertFree(session, article.slug);
  const made = await sendDraft(session, article, tags);
  await session.reach('draft_made');
  if (made.slug === article.slug) return made;
  // Somebody was faster: ours stands under a slug that nobody wanted.
  await makeRoom(session, made);
  await assertFree(session, article.slug);
  throw heldByGhost(article.slug, made.slug);
}

async function assertFree(session: PlatformSession, slug: string): Promise<void> {
  const holder = (await standingAt(session, slug, 'parent')).find((page) => page.slug === slug);
  if (!holder) return;
  if (!holder.marks.includes(markOf(session.post))) throw heldByOther(holder);
  // An earlier request of ours that came late: the next attempt finds it.
  throw new StepUnanswered('parent', 'the draft of an earlier call has just come to stand there');
}

/**
 * Never sent twice for one lost answer: each draft takes the next free slug. What a lost call made is found by its mark.
 * @throws StepRefused | StepUnanswered
 */
async function sendDraft(session: PlatformSession, article: Article, tags: readonly WantedTag[]): Promise<GhostPost> {
  const body = JSON.stringify({ posts: [{ ...article, status: 'draft', tags }] });
  const query = { formats: 'lexical', include: 'tags' };
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await session.wait(PAUSE_MS * 2 ** (tried - 1));
    const sent = await session.call(signed(session, { method: 'POST', path: 'posts/', query, body }));
    if (sent.kind === 'answer' && sent.status < 300) return read({ stage: 'parent', schema: onePostSchema }, sent);
    if (sent.kind === 'answer' && sent.status < 500 && sent.status !== 408 && isWorded(sent)) {
      throw refusedAs(classifyAnswer(sent, 'parent', session).cause);
    }
    const lost = (await marked(session, markOf(session.post), 'parent')).find(
      (post) => post.status === 'draft' && saysTheSame(post, article, tags),
    );
    if (lost) return lost;
  }
  throw new StepUnanswered('parent', 'Ghost did not say that the draft was made');
}

async function save(session: PlatformSession, { id, updated_at }: GhostPost): Promise<void> {
  await session.remote.save(KEY, { id, updatedAt: updated_at });
  await session.reach('draft_saved');
}
