// What a post for a blog says beyond its text: the same words for every blog, whatever runs it.
import { z } from 'zod';
import { webAddress } from '../../domain/schedules/post.ts';
import { isPlainText, NOT_PLAIN } from '../../domain/text/plain-text.ts';

/** Narrowest of the blogs we know: Ghost takes 255 characters of title and 191 of slug, WordPress 200 (reference 7.7, 8.7). */
const BLOG_LIMITS = {
  titleChars: 255,
  slugChars: 191,
  zoneChars: 100,
  tags: 20,
  tagChars: 100,
  excerptChars: 300,
};

const line = (chars: number) => z.string().trim().min(1).max(chars).refine(isPlainText, NOT_PLAIN);

/** Lower-case letters and digits of ASCII, with single dashes between: what every blog keeps as it is. */
const slugSchema = z
  .string()
  .max(BLOG_LIMITS.slugChars)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case letters and digits with single dashes between');

export const blogOptionsSchema = z.strictObject({
  title: line(BLOG_LIMITS.titleChars),
  /** The last part of its address. Where it is taken by another post, nothing is published. */
  slug: slugSchema,
  /** The section of the blog: a tag in Ghost, a category in WordPress, by its slug. */
  zone: slugSchema.max(BLOG_LIMITS.zoneChars).exactOptional(),
  tags: z.array(line(BLOG_LIMITS.tagChars)).max(BLOG_LIMITS.tags).exactOptional(),
  excerpt: line(BLOG_LIMITS.excerptChars).exactOptional(),
  /** How its text is written. */
  format: z.enum(['markdown', 'html']).exactOptional(),
  /** Only where the canonical address is another than its own. */
  canonicalUrl: webAddress.exactOptional(),
  /** Which of its media, counted from 0, stands above the text. */
  cover: z.int().min(0).exactOptional(),
});
export type BlogOptions = z.infer<typeof blogOptionsSchema>;
