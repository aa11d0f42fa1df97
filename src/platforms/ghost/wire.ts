// What Ghost answers, as far as we read it. Every answer passes one of these before anything believes it.
import { z } from 'zod';

/** The body of every refusal: `{"errors": [{"type", "code", "message", "context", ...}]}`. */
export const errorSchema = z
  .object({
    errors: z.tuple([
      z.object({
        type: z.string().min(1),
        code: z.string().nullish().catch(null),
        message: z.string(),
        context: z.string().nullish().catch(null),
      }),
    ]),
  })
  .transform(({ errors: [error] }) => error);

const tagSchema = z.object({ id: z.string(), name: z.string(), slug: z.string(), visibility: z.string() });
export type GhostTag = z.infer<typeof tagSchema>;

/** A post, or a page, which Ghost keeps apart and under the same slugs. */
export const postSchema = z.object({
  id: z.string().min(1),
  slug: z.string(),
  title: z.string(),
  status: z.enum(['draft', 'published', 'scheduled', 'sent']),
  url: z.string().nullish(),
  html: z.string().nullish(),
  lexical: z.string().nullish(),
  custom_excerpt: z.string().nullish(),
  canonical_url: z.string().nullish(),
  feature_image: z.string().nullish(),
  feature_image_alt: z.string().nullish(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  published_at: z.iso.datetime({ offset: true }).nullish(),
  tags: z.array(tagSchema),
});
export type GhostPost = z.infer<typeof postSchema>;

/** One post, made, read or changed. */
export const onePostSchema = z.object({ posts: z.tuple([postSchema]) }).transform(({ posts: [post] }) => post);

const pagination = z.object({
  pagination: z.object({ page: z.int(), pages: z.int(), total: z.int() }),
});

/** A page of a list of posts, or of pages. */
export const listSchema = z
  .union([
    z.object({ posts: z.array(postSchema), meta: pagination }),
    z.object({ pages: z.array(postSchema), meta: pagination }),
  ])
  .transform((list) => ({ posts: 'posts' in list ? list.posts : list.pages, ...list.meta.pagination }));

export const uploadedSchema = z
  .object({ images: z.tuple([z.object({ url: z.url() })]) })
  .transform(({ images: [image] }) => image);

export const tagListSchema = z
  .object({ tags: z.array(tagSchema), meta: pagination })
  .transform(({ tags, meta }) => ({ tags, ...meta.pagination }));

export const siteSchema = z.object({ site: z.object({ title: z.string(), url: z.url() }) });
