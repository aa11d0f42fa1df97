// What a post puts into the arguments of a tool.

import type { ToolTemplate } from '../../domain/mcp/server.ts';
import { type Filling, filled, placeholdersOf, type ToolArguments } from '../../domain/mcp/template.ts';
import { bodyHtml } from '../blog/body.ts';
import { markOf } from '../blog/mark.ts';
import { type BlogOptions, blogOptionsSchema } from '../blog/options.ts';
import type { PostToPublish } from '../sessions.ts';

export function optionsOf({ options }: Pick<PostToPublish, 'options'>): BlogOptions {
  return blogOptionsSchema.parse(options);
}

/** Everything that a post may put into an argument. */
function fillingOf(post: PostToPublish): Filling {
  const { title, slug, zone, tags = [], excerpt, format, canonicalUrl } = optionsOf(post);
  const { text } = post.content;
  return {
    title,
    slug,
    html: bodyHtml(text, format),
    // HTML is Markdown, too.
    markdown: text,
    tags,
    idempotency_key: markOf(post),
    ...(zone === undefined ? {} : { zone }),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(canonicalUrl === undefined ? {} : { canonical_url: canonicalUrl }),
  };
}

export function argumentsFor(template: ToolTemplate, post: PostToPublish): ToolArguments {
  return filled(template.arguments, fillingOf(post));
}

const NAMED = { zone: 'zone', tags: 'tags', excerpt: 'excerpt', canonicalUrl: 'canonical_url' } as const;

/** What the post says, option by option, that the tool has no argument for: it would be dropped without a word. */
export function unsaid(
  template: ToolTemplate,
  post: Pick<PostToPublish, 'options'>,
): readonly { readonly option: keyof typeof NAMED; readonly placeholder: string }[] {
  const { zone, tags, excerpt, canonicalUrl } = optionsOf(post);
  const said = placeholdersOf(template.arguments);
  const given = { zone, tags: tags?.length ? tags : undefined, excerpt, canonicalUrl };
  return (['zone', 'tags', 'excerpt', 'canonicalUrl'] as const)
    .filter((option) => given[option] !== undefined && !said.includes(NAMED[option]))
    .map((option) => ({ option, placeholder: NAMED[option] }));
}
