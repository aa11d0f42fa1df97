// What WordPress would refuse, change or lose, found before anything is sent.
import { type Content, isVideo } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { type BlogOptions, blogOptionsSchema } from '../blog/options.ts';

/** WordPress keeps these for feeds and embeds: a post gets `feed-2` in the place of `feed` (seen on 6.1.9). */
const KEPT_SLUGS = ['atom', 'embed', 'feed', 'rdf', 'rss', 'rss2'];

/** Every problem of the post for this destination; empty when there is none. */
export function check(content: Content, options: unknown): FieldProblem[] {
  const parsed = blogOptionsSchema.safeParse(options).data;
  return [...checkText(content), ...(parsed ? [...checkOptions(parsed), ...checkMedia(content, parsed)] : [])];
}

function checkText({ text }: Content): FieldProblem[] {
  return text.trim() === '' ? [{ field: 'text', problem: 'must not be empty on a blog' }] : [];
}

function checkOptions({ slug, canonicalUrl }: BlogOptions): FieldProblem[] {
  const kept = { field: 'options.slug', problem: `is kept by WordPress for itself: ${KEPT_SLUGS.join(', ')}` };
  const nowhere = { field: 'options.canonicalUrl', problem: 'has no place in WordPress itself; leave it out' };
  return [...(KEPT_SLUGS.includes(slug) ? [kept] : []), ...(canonicalUrl === undefined ? [] : [nowhere])];
}

function checkMedia({ text, media }: Content, { cover }: BlogOptions): FieldProblem[] {
  const shown = (index: number, url: string) => index === cover || text.includes(url);
  const lost = media.flatMap(({ url }, index) =>
    shown(index, url)
      ? []
      : [{ field: `media.${index}`, problem: 'is neither the cover nor named in the text, so no reader would see it' }],
  );
  return [...lost, ...checkCover(media, cover)];
}

function checkCover(media: Content['media'], cover: number | undefined): FieldProblem[] {
  if (cover === undefined) return [];
  const item = media[cover];
  if (item === undefined) return [{ field: 'options.cover', problem: 'names none of the media; they count from 0' }];
  return isVideo(item) ? [{ field: 'options.cover', problem: 'is a video; a cover must be a picture' }] : [];
}
