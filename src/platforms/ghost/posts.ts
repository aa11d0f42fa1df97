// Posts as Ghost holds them: read by id, listed whole, and what each says of itself.

import type { StandingPage } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { ask, askFor } from './call.ts';
import { type GhostPost, listSchema, onePostSchema } from './wire.ts';

const PAGE_SIZE = 100;
const MOST_PAGES = 100;

type Stage = 'parent' | 'reconcile';
type Kind = 'posts' | 'pages';

/** Null: there is none of this id, by Ghost's own word. @throws StepRefused | StepUnanswered */
export function readPost(session: AccountSession, id: string, stage: Stage): Promise<GhostPost | null> {
  const query = { formats: 'lexical', include: 'tags' };
  return askFor(session, {
    method: 'GET',
    path: `posts/${id}/`,
    query,
    stage,
    window: 'read',
    schema: onePostSchema,
  });
}

interface Wanted {
  readonly stage: Stage;
  readonly kind?: Kind;
  /** In Ghost's own filter language. */
  readonly filter: string;
  readonly formats?: 'html' | 'lexical';
}

/** Every one that the filter names, drafts included. @throws StepRefused | StepUnanswered when they were not read whole */
async function listAll(session: AccountSession, wanted: Wanted): Promise<GhostPost[]> {
  const { stage, kind = 'posts', filter, formats = 'lexical' } = wanted;
  const found = new Map<string, GhostPost>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const query = { filter, formats, include: 'tags', order: 'id asc', limit: String(PAGE_SIZE), page: String(page) };
    const list = await ask(session, {
      method: 'GET',
      path: `${kind}/`,
      query,
      stage,
      window: 'read',
      schema: listSchema,
    });
    for (const post of list.posts) found.set(post.id, post);
    if (list.page !== page) break;
    if (page < list.pages) continue;
    if (found.size === list.total) return [...found.values()];
    break;
  }
  throw new StepUnanswered(stage, 'Ghost did not list all of its posts');
}

const MARK = /^#(op-[0-9a-f]{24})$/;

/** Marks of ours among its tags. */
function marksOf({ tags }: Pick<GhostPost, 'tags'>): string[] {
  return tags.flatMap(({ name }) => MARK.exec(name)?.[1] ?? []);
}

/** The name of the tag that carries a mark: an internal one, which no reader sees. */
export function markTag(mark: string): string {
  return `#${mark}`;
}

/** Every post that carries the mark. @throws StepRefused | StepUnanswered */
export async function marked(session: AccountSession, mark: string, stage: Stage): Promise<GhostPost[]> {
  const named = await listAll(session, { stage, filter: `tag:hash-${mark}` });
  return named.filter((post) => marksOf(post).includes(mark));
}

/** Readers see it. */
export function isLive({ status }: Pick<GhostPost, 'status'>): boolean {
  return status === 'published' || status === 'sent';
}

/** Posts and pages under the slug, or under one that Ghost made from it. @throws StepRefused | StepUnanswered */
export async function standingAt(
  session: AccountSession,
  slug: string,
  stage: Stage = 'reconcile',
): Promise<StandingPage[]> {
  const filter = `slug:'${slug}',slug:~^'${slug}-'`;
  const kinds = ['posts', 'pages'] as const;
  const found: GhostPost[] = [];
  for (const kind of kinds) found.push(...(await listAll(session, { stage, kind, filter, formats: 'html' })));
  return found.filter((post) => isUnder(post.slug, slug)).map(toStanding);
}

function isUnder(found: string, slug: string): boolean {
  return found === slug || (found.startsWith(`${slug}-`) && /^[2-9]$|^[1-9]\d+$/.test(found.slice(slug.length + 1)));
}

function toStanding(post: GhostPost): StandingPage {
  const live = isLive(post);
  return {
    id: post.id,
    slug: post.slug,
    status: live ? 'published' : 'draft',
    zones: post.tags.filter(({ visibility }) => visibility === 'public').map((tag) => tag.slug),
    title: post.title,
    html: post.html ?? null,
    url: live ? (post.url ?? null) : null,
    canonicalUrl: post.canonical_url ?? null,
    marks: marksOf(post),
    updatedAt: new Date(post.updated_at),
  };
}
