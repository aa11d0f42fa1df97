// The shapes in which sites told of a page, each as it was met: the same facts, and no two programs that read them alike.

export const SHAPES = [
  /** Structured content, with a copy as text. */
  'structured',
  /** JSON as a text. */
  'text',
  /** The page's facts at the top. */
  'bare',
  /** Under `result`. */
  'result',
  /** Under `data`. */
  'data',
  /** A list of posts. */
  'posts',
  /** JSON between sentences. */
  'prose',
  /** The id as a number. */
  'number_id',
  /** An address without a host. */
  'relative_url',
  /** Done, and told so that whoever looks for `post`, or takes the word "failed" for a failure, reads that it was not. */
  'misread',
] as const;
export type Shape = (typeof SHAPES)[number];

/** A page as its site tells of it. */
export type ToldPage = {
  id: string;
  slug: string;
  zone: string;
  url: string;
  status: 'published' | 'draft';
  title: string;
  html: string;
  canonical_url: string | null;
  key: string | null;
};

/** The result of a tool: what the kit sends for it. */
export type ToolResult = {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
};

/** What a tool tells of a page; null: there is none. */
export function told(page: ToldPage | null, shape: Shape): ToolResult {
  switch (shape) {
    case 'structured': {
      const structuredContent = { found: page !== null, post: page };
      return { ...asText(structuredContent), structuredContent };
    }
    case 'text':
      return asText({ found: page !== null, post: page });
    case 'bare':
      return asText({ found: page !== null, ...page });
    case 'result':
      return asText({ result: { found: page !== null, post: page } });
    case 'data':
      return asText({ data: { found: page !== null, post: page } });
    case 'posts':
      return asText({ found: page !== null, posts: page === null ? [] : [page] });
    case 'prose':
      return { content: [{ type: 'text', text: proseOf(page) }] };
    case 'number_id':
      return asText({ found: page !== null, post: page && { ...page, id: Number(page.id) } });
    case 'relative_url':
      return asText({ found: page !== null, post: page && { ...page, url: new URL(page.url).pathname } });
    case 'misread':
      return asText(misread(page));
  }
}

function asText(value: unknown): ToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(value) }] };
}

function proseOf(page: ToldPage | null): string {
  if (page === null) return 'I looked for that post, and there is none. Shall I write it?';
  return `All done! Here is the post:\n\n\`\`\`json\n${JSON.stringify(page, null, 2)}\n\`\`\`\n\nAnything else?`;
}

function misread(page: ToldPage | null): object {
  const items = page === null ? [] : [{ outcome: 'ok', entry: page }];
  return { error: null, post: null, summary: { published: items.length, failed: 0 }, batch: { items } };
}
