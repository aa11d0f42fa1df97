// The draft: made once, and brought up to the version that is to be published.
import { markOf } from '../blog/mark.ts';
import type { PlatformSession } from '../sessions.ts';
import { type Article, articleOf } from './article.ts';
import { ask, makeOnce } from './call.ts';
import { uploadMedia } from './media.ts';
import { alreadyLive, notPublished } from './not-published.ts';
import { optionsOf } from './options.ts';
import {
  carriesMark,
  findMarked,
  forgetDraft,
  POST_FIELDS,
  readPost,
  saveDraft,
  savedDraft,
  wordsOf,
} from './own-post.ts';
import { routeUrl, type Site, signIn } from './site.ts';
import { named } from './standing.ts';
import { findTerms } from './terms.ts';
import { postSchema, type WpPost } from './wire.ts';

const QUERY = { context: 'edit', _fields: POST_FIELDS };

/**
 * The draft as it is to be published, saved. Where somebody published it meanwhile in this very form, that is it too: the
 * create changes nothing of it then.
 * @throws StepRefused when a person has taken it in hand; AlreadyLive when it is live in another form; StepUnanswered
 */
export async function readyDraft(session: PlatformSession, site: Site): Promise<WpPost> {
  const own = await findOwn(session, site);
  if (own && isAsSaved(session, own)) return own;
  if (own) assertOurs(own);
  if (own && savedDraft(session)) throw changed(own);
  await uploadMedia(session, site);
  const article = articleOf(session, await findTerms(session, site));
  const draft = own ? await rewrite(session, site, own.id, article) : await make(session, site, article);
  await session.reach('draft_made');
  if (!carriesMark(draft, markOf(session.post))) throw unmarked(draft);
  await saveDraft(session, draft);
  await session.reach('draft_saved');
  return draft;
}

/** Sends some of a post's fields; a repetition changes nothing. @throws StepRefused | StepUnanswered */
export function rewrite(
  session: PlatformSession,
  site: Site,
  id: number,
  fields: Partial<Article> & { readonly status?: 'draft' },
  stage: 'parent' | 'reconcile' = 'parent',
): Promise<WpPost> {
  const route = `/wp/v2/posts/${id}`;
  return ask(session, site, { stage, method: 'POST', route, query: QUERY, json: fields, schema: postSchema });
}

/** By the id on record; where there is none, or it was deleted for good, by the mark. */
async function findOwn(session: PlatformSession, site: Site): Promise<WpPost | null> {
  const saved = savedDraft(session);
  const post = saved && (await readPost(session, site, 'parent', saved.id));
  if (post) return post;
  if (saved) await forgetDraft(session);
  return pick(await findMarked(session, site, 'parent'));
}

/** What readers see counts first, what lies in the bin last; of several the oldest. */
function pick(marked: readonly WpPost[]): WpPost | null {
  const live = marked.find(({ status }) => status === 'publish');
  return live ?? marked.find(({ status }) => status !== 'trash') ?? marked[0] ?? null;
}

function isAsSaved(session: PlatformSession, own: WpPost): boolean {
  if (savedDraft(session)?.sha256 !== wordsOf(own)) return false;
  return own.status === 'draft' || (own.status === 'publish' && own.slug === optionsOf(session.post).slug);
}

function make(session: PlatformSession, site: Site, article: Article): Promise<WpPost> {
  const url = routeUrl(site.root, '/wp/v2/posts', QUERY);
  const headers = { ...signIn(session), 'content-type': 'application/json' };
  const body = JSON.stringify({ ...article, status: 'draft' });
  return makeOnce(session, {
    stage: 'parent',
    request: async () => ({ method: 'POST', url, headers, body }),
    schema: postSchema,
    looked: true,
    async find() {
      const own = pick(await findMarked(session, site, 'parent'));
      if (own === null) return null;
      assertOurs(own);
      return rewrite(session, site, own.id, article);
    },
  });
}

/** @throws AlreadyLive | StepRefused when it is no draft any more */
function assertOurs(own: WpPost): void {
  if (own.status === 'draft') return;
  if (own.status === 'publish') {
    throw alreadyLive(
      `The post is live already as ${named(own)}: somebody published it in WordPress, in another form than it would have now. Nothing more was sent; look at it, then resolve the publish.`,
    );
  }
  throw notPublished('parent', inHand(own));
}

/** Why a post of ours that is neither a draft nor published is left alone. */
export function inHand(own: WpPost): string {
  const what = named(own);
  switch (own.status) {
    case 'trash':
      return `Somebody put the draft of this post into the bin of WordPress: ${what}. Restore it there as a draft, or delete it for good, then replay.`;
    case 'future':
      return `Somebody scheduled this post in WordPress, which will publish it by itself: ${what}. Make it a draft again there, then replay; or leave it, and resolve the publish once it is live.`;
    default:
      return `Somebody took this post in hand in WordPress: ${what}. Make it a draft again there, then replay; or publish it there, then resolve the publish.`;
  }
}

function changed(own: WpPost) {
  return notPublished(
    'parent',
    `Somebody changed the draft of this post in WordPress: ${named(own)}. Their words were neither approved nor overwritten. Take them over into the post here, or delete the draft there for good, then replay.`,
  );
}

function unmarked(draft: WpPost) {
  return notPublished(
    'parent',
    `This site takes HTML comments out of what it is sent, and with them the mark by which the post is told from others: ${named(draft)}. Let it keep comments (a plugin removes them), then replay.`,
  );
}
