// What a post says in Ghost, field by field, and whether one that stands there says the same.
import { z } from 'zod';
import { bodyHtml, withUploadedMedia } from '../blog/body.ts';
import { type BlogOptions, blogOptionsSchema } from '../blog/options.ts';
import type { PlatformSession } from '../sessions.ts';
import { uploadedImages } from './images.ts';
import { isTag, type WantedTag } from './tags.ts';
import type { GhostPost } from './wire.ts';

/** The fields of a draft, but its tags, as Ghost's API names them. */
export interface Article {
  readonly title: string;
  readonly slug: string;
  readonly lexical: string;
  readonly custom_excerpt: string | null;
  readonly canonical_url: string | null;
  readonly feature_image: string | null;
  readonly feature_image_alt: string | null;
}

/** What the post's options say. They passed the same schema when the post was taken in. */
export function optionsOf({ post }: Pick<PlatformSession, 'post'>): BlogOptions {
  return blogOptionsSchema.parse(post.options);
}

/** @throws StepUnanswered when a picture is not uploaded yet */
export function articleOf(session: PlatformSession): Article {
  const { title, slug, excerpt, format, canonicalUrl, cover } = optionsOf(session);
  const { text, media } = session.post.content;
  const uploaded = uploadedImages(session);
  const above = cover === undefined ? undefined : media[cover];
  return {
    title,
    slug,
    lexical: lexicalOf(withUploadedMedia(bodyHtml(text, format), uploaded)),
    custom_excerpt: excerpt ?? null,
    canonical_url: canonicalUrl ?? null,
    feature_image: (above && uploaded.get(above.url)) ?? null,
    feature_image_alt: above?.altText ?? null,
  };
}

/**
 * The body as one HTML card, which Ghost keeps byte for byte. Ghost's own reading of HTML (`?source=html`) does not: on 6.65
 * it drops what its editor has no form for, details, definition lists, strike-through, and blanks between words.
 */
function lexicalOf(html: string): string {
  const layout = { direction: null, format: '', indent: 0, version: 1 };
  return JSON.stringify({ root: { ...layout, type: 'root', children: [{ type: 'html', version: 1, html }] } });
}

const cardSchema = z.object({
  root: z.object({ children: z.tuple([z.object({ type: z.literal('html'), html: z.string() })]) }),
});

/** Whether the post that stands there says exactly this. */
export function saysTheSame(found: GhostPost, article: Article, tags: readonly WantedTag[]): boolean {
  return (
    found.title === article.title &&
    found.slug === article.slug &&
    (found.custom_excerpt ?? null) === article.custom_excerpt &&
    (found.canonical_url ?? null) === article.canonical_url &&
    (found.feature_image ?? null) === article.feature_image &&
    (found.feature_image_alt ?? null) === article.feature_image_alt &&
    cardOf(found.lexical) === cardOf(article.lexical) &&
    found.tags.length === tags.length &&
    tags.every((tag, index) => isTag(tag, found.tags[index]))
  );
}

function cardOf(lexical: string | null | undefined): string | null {
  try {
    return cardSchema.parse(JSON.parse(lexical ?? '')).root.children[0].html;
  } catch {
    return null;
  }
}
