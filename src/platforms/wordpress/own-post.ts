// Our post on the site, whatever has become of it: by the id on record, else by our mark.
import { z } from 'zod';
import type { Stage } from '../../domain/causes/causes.ts';
import { markOf } from '../blog/mark.ts';
import type { PlatformSession } from '../sessions.ts';
import { askList, askUnless, type Question } from './call.ts';
import { sha256 } from './digest.ts';
import { optionsOf } from './options.ts';
import type { Site } from './site.ts';
import { postSchema, type WpPost } from './wire.ts';

const SAVED_KEY = 'draft';

/** Every status of WordPress's own in which a post of ours may stand; `any` would leave out the bin. */
const EVERYWHERE = 'publish,future,draft,pending,private,trash';

export const POST_FIELDS =
  'id,slug,status,link,date_gmt,modified_gmt,permalink_template,title,content,excerpt,categories,yoast_head_json';

/** What the preparation saved of the draft it made. */
const savedSchema = z.object({
  id: z.int().positive(),
  /** Of the version that it holds. */
  fingerprint: z.string(),
  /** Of its words as WordPress keeps them: roles may not keep all that was sent. */
  sha256: z.string(),
});
export type SavedDraft = z.infer<typeof savedSchema>;

/** The draft of this version, as it was saved. */
export function savedDraft({ remote, post }: PlatformSession): SavedDraft | null {
  const saved = savedSchema.safeParse(remote.get(SAVED_KEY)).data;
  return saved?.fingerprint === post.fingerprint ? saved : null;
}

export async function saveDraft(session: PlatformSession, post: WpPost): Promise<void> {
  const saved: SavedDraft = { id: post.id, fingerprint: session.post.fingerprint, sha256: wordsOf(post) };
  await session.remote.save(SAVED_KEY, saved);
}

/** Forgets the draft, for example one that somebody deleted. */
export function forgetDraft({ remote }: PlatformSession): Promise<void> {
  return remote.drop(SAVED_KEY);
}

/** Where the draft is saved; forgetting it makes the next attempt look for it, and make it anew. */
export const DRAFT_KEYS = [SAVED_KEY];

/** A digest of what a reader would read: title, body and excerpt. */
export function wordsOf({ title, content, excerpt }: Pick<WpPost, 'title' | 'content' | 'excerpt'>): string {
  return sha256(JSON.stringify([title.raw, content.raw, excerpt.raw]));
}

/** Null: deleted for good. @throws StepRefused | StepUnanswered */
export function readPost(session: PlatformSession, site: Site, stage: Stage, id: number): Promise<WpPost | null> {
  const question: Question<WpPost> = {
    stage,
    window: 'read',
    route: `/wp/v2/posts/${id}`,
    query: { context: 'edit', _fields: POST_FIELDS },
    schema: postSchema,
  };
  return askUnless(session, site, question, { codes: ['rest_post_invalid_id'], read: () => null });
}

export function carriesMark({ content }: Pick<WpPost, 'content'>, mark: string): boolean {
  return content.raw.includes(`<!-- ${mark} -->`);
}

/**
 * Every post that carries our mark, oldest first. Asked for by its slug too: plugins take the search over, and theirs may
 * know no drafts. @throws StepRefused | StepUnanswered
 */
export async function findMarked(session: PlatformSession, site: Site, stage: Stage): Promise<WpPost[]> {
  const mark = markOf(session.post);
  const { slug } = optionsOf(session.post);
  const asked = { stage, window: 'read', route: '/wp/v2/posts', schema: postSchema } as const;
  const common = { context: 'edit', _fields: POST_FIELDS, status: EVERYWHERE };
  for (const query of [{ search: mark }, { slug: `${slug},${slug}-2,${slug}-3` }]) {
    const { entries } = await askList(session, site, { ...asked, query: { ...common, ...query } });
    const ours = entries.filter((post) => carriesMark(post, mark));
    if (ours.length > 0) return ours.toSorted((one, other) => one.id - other.id);
  }
  return [];
}
