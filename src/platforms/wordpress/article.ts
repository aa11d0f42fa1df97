// The post as WordPress is sent it: its body with the media's own addresses, and at its end the mark that tells it as ours.
import { bodyHtml, withUploadedMedia } from '../blog/body.ts';
import { markOf } from '../blog/mark.ts';
import type { PlatformSession } from '../sessions.ts';
import { uploadedMedia } from './media.ts';
import { optionsOf } from './options.ts';
import type { Terms } from './terms.ts';

/** A draft's fields, as `POST /wp/v2/posts` takes them. */
export interface Article {
  readonly title: string;
  readonly slug: string;
  readonly content: string;
  readonly excerpt: string;
  readonly featured_media: number;
  readonly categories?: readonly number[];
  readonly tags: readonly number[];
}

/** Built from what was uploaded. @throws StepUnanswered when a medium is not on record: upload first */
export function articleOf(session: PlatformSession, { category, tags }: Terms): Article {
  const { post } = session;
  const { title, slug, format, excerpt = '', cover } = optionsOf(post);
  const uploaded = uploadedMedia(session);
  const addresses = new Map(uploaded.map(({ item, address }) => [item.url, address]));
  const body = withUploadedMedia(bodyHtml(post.content.text, format), addresses);
  return {
    title,
    slug,
    content: `${body.trimEnd()}\n\n<!-- ${markOf(post)} -->`,
    excerpt,
    featured_media: cover === undefined ? 0 : (uploaded[cover]?.id ?? 0),
    tags,
    ...(category === null ? {} : { categories: [category] }),
  };
}
