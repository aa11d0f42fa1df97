// What Ghost would refuse or make something else of, found before anything is sent (reference 7.7, and seen on Ghost 6.65).
import { type Content, isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { bodyHtml, withUploadedMedia } from '../blog/body.ts';
import { type BlogOptions, blogOptionsSchema } from '../blog/options.ts';

/** The longest alternative text that Ghost keeps of a cover (posts_meta.feature_image_alt). */
const COVER_ALT_CHARS = 191;

/** Every problem of the post for this destination; empty when there is none. */
export function check(content: Content, given: Readonly<Record<string, unknown>>): FieldProblem[] {
  const options = blogOptionsSchema.safeParse(given).data;
  if (!options) return [];
  return [
    ...checkText(content),
    ...checkTags(options),
    ...checkCover(content, options),
    ...checkMedia(content, options),
  ];
}

function checkText({ text }: Content): FieldProblem[] {
  return text.trim() === '' ? [{ field: 'text', problem: 'must not be empty in a post for a blog' }] : [];
}

/** A tag with `#` before it is seen by the site's own people alone. */
function checkTags({ tags = [] }: BlogOptions): FieldProblem[] {
  return tags.flatMap((tag, index) =>
    /^[#,]/.test(tag)
      ? [
          {
            field: `options.tags.${index}`,
            problem: 'must not begin with # or a comma on Ghost',
            limit: 'a tag that readers see',
          },
        ]
      : [],
  );
}

function checkCover({ media }: Content, { cover }: BlogOptions): FieldProblem[] {
  if (cover === undefined || cover < media.length) return [];
  return [
    {
      field: 'options.cover',
      problem: 'names a picture that the post does not have',
      limit: `0 to ${media.length - 1}`,
    },
  ];
}

function checkMedia({ media, text }: Content, { cover, format }: BlogOptions): FieldProblem[] {
  const html = bodyHtml(text, format);
  return media.flatMap((item, index) => checkItem(item, index, index === cover, html));
}

function checkItem(item: MediaItem, index: number, isCover: boolean, html: string): FieldProblem[] {
  const field = `media.${index}`;
  if (isVideo(item)) {
    return [{ field: `${field}.mediaType`, problem: 'is a video, and Ghost gets pictures only', limit: 'pictures' }];
  }
  const altChars = item.altText?.length ?? 0;
  const long = { field: `${field}.altText`, problem: `is too long for a cover on Ghost: ${altChars} characters` };
  const lost = { field, problem: 'would be seen nowhere: it is neither the cover nor named in the text' };
  return [
    ...(isCover && altChars > COVER_ALT_CHARS ? [{ ...long, limit: `at most ${COVER_ALT_CHARS} characters` }] : []),
    ...(isCover || isNamed(item, html) ? [] : [{ ...lost, limit: 'options.cover, or its address in the text' }]),
  ];
}

function isNamed({ url }: MediaItem, html: string): boolean {
  return withUploadedMedia(html, new Map([[url, 'elsewhere:']])) !== html;
}
