// What a post for WordPress says beyond its text: the words of every blog.
import { type BlogOptions, blogOptionsSchema } from '../blog/options.ts';
import type { PostToPublish } from '../sessions.ts';

/** The options of a post that was taken in: they passed the schema then. */
export function optionsOf({ options }: Pick<PostToPublish, 'options'>): BlogOptions {
  return blogOptionsSchema.parse(options);
}
