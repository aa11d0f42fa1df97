// A site of its own for runs: it publishes by the tools of the official MCP server, once under each key, and shows visitors what it
// published.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { CreateAnswer } from './blogs/blog.ts';

export interface BlogPage {
  readonly id: string;
  readonly slug: string;
  readonly zone: string;
  readonly title: string;
  readonly html: string;
  readonly status: 'published' | 'draft';
  readonly key: string | null;
  readonly excerpt?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface BlogSite {
  readonly url: string;
  /** What is there, the judge: changed by hand as its owner would. */
  readonly pages: Map<string, BlogPage>;
  /** Calls of the tool that creates. */
  creates(): number;
  /** How creates are answered from now on; `lied`: the page is live, and the answer says that nothing was done. */
  answerCreates(how: CreateAnswer): void;
  /** What the lookup answers for now, in the place of the truth; null: the truth. */
  misread(answer: unknown): void;
  /** Whether its tools answer at all. */
  away(isAway: boolean): void;
  /** The status that visitors get in the place of every page; null: the pages. */
  outOfOrder(status: number | null): void;
  /** What the feed lists that every page names: items of RSS; null: no page names one. */
  feed(items: string | null): void;
  /** What visitors get beside the text of each page. */
  theme(html: string): void;
  close(): Promise<void>;
}

export const CREATE_INPUT = z.object({
  title: z.string(),
  slug: z.string(),
  html: z.string(),
  zone: z.string(),
  key: z.string(),
  excerpt: z.string().optional(),
  tags: z.array(z.string()).optional(),
});

export const LOOKUP_INPUT = z.object({ slug: z.string() });

/** What a lookup answers that nobody can read. */
export const UNREADABLE_POST = { result: { item: { identifier: 7 } } };

/** `keepsKeys`: a second create under the key of a page answers that page; else each makes one, under a slug of its own. */
export async function startBlogSite({ keepsKeys } = { keepsKeys: true }): Promise<BlogSite> {
  const pages = new Map<string, BlogPage>();
  let creates = 0;
  let answers: CreateAnswer = 'as_usual';
  let misread: unknown = null;
  let theme = '';
  let feed: string | null = null;
  let isAway = false;
  let fault: number | null = null;
  const answer = (value: unknown, isError = false) => ({
    content: [{ type: 'text' as const, text: JSON.stringify(value) }],
    ...(isError ? { isError } : {}),
  });
  const shown = (page: BlogPage) => ({ ...page, url: `${url()}/${page.zone}/${page.slug}/` });
  const madeBefore = (key: string) => (keepsKeys ? [...pages.values()].find((page) => page.key === key) : undefined);
  const freeSlug = (slug: string) => (!keepsKeys && pages.has(slug) ? `${slug}-${creates}` : slug);
  const server = () => {
    const mcp = new McpServer({ name: 'blog', version: '1.0.0' });
    mcp.registerTool('create_post', { description: 'Publishes a page.', inputSchema: CREATE_INPUT }, async (given) => {
      creates += 1;
      const before = madeBefore(given.key);
      if (before) return answer({ post: shown(before) });
      const page: BlogPage = { ...given, slug: freeSlug(given.slug), id: `p${creates}`, status: 'published' };
      if (answers !== 'refused') pages.set(page.slug, page);
      if (answers === 'as_usual') return answer({ post: shown(page) });
      if (answers === 'lied_unseen') misread = UNREADABLE_POST;
      return answer({ error: { message: 'The editor is away.', executed: false } }, true);
    });
    mcp.registerTool('get_post', { description: 'Tells a page.', inputSchema: LOOKUP_INPUT }, async ({ slug }) => {
      if (misread !== null) return answer(misread);
      const page = pages.get(slug);
      return answer({ found: page !== undefined, post: page ? shown(page) : null });
    });
    return mcp;
  };
  const handler = createMcpHandler(server);
  const http = createServer((request, response) => void serve(request, response));
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (path !== '/mcp') return show(path, response);
    if (isAway) return void response.writeHead(503).end();
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    const body = Buffer.concat(parts).toString('utf8');
    const asked = new Request(`${url()}${path}`, {
      method: request.method ?? 'POST',
      headers,
      ...(body === '' ? {} : { body }),
    });
    const answered = await handler.fetch(asked);
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
  }
  function show(path: string, response: ServerResponse): void {
    if (fault !== null) return void response.writeHead(fault).end();
    if (path === '/feed.xml') {
      const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>${feed}</channel></rss>`;
      return void response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss);
    }
    const [, zone, slug] = /^\/([^/]+)\/([^/]+)\/$/.exec(path) ?? [];
    const page = slug === undefined ? undefined : pages.get(slug);
    if (page?.zone !== zone || page?.status !== 'published') {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>Not here</title>');
      return;
    }
    const named = feed === null ? '' : '<link rel="alternate" type="application/rss+xml" href="/feed.xml">';
    const html = `<!doctype html><html lang="en"><head><title>${page.title} · Blog</title>${named}</head><body><header>Blog</header><article><h1>${page.title}</h1>${page.html}</article>${theme}</body></html>`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const url = () => `http://127.0.0.1:${port}`;
  return {
    url: url(),
    pages,
    creates: () => creates,
    answerCreates(how) {
      answers = how;
    },
    misread(value) {
      misread = value;
    },
    away(value) {
      isAway = value;
    },
    outOfOrder(status) {
      fault = status;
    },
    feed(value) {
      feed = value;
    },
    theme(value) {
      theme = value;
    },
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** The site as the settings of a stage name it. */
export function blogServer(site: Pick<BlogSite, 'url'>) {
  const at = (name: string) => `/post/${name}`;
  return {
    url: `${site.url}/mcp`,
    create: {
      tool: 'create_post',
      arguments: {
        title: '{title}',
        slug: '{slug}',
        html: '{html}',
        zone: '{zone}',
        key: '{idempotency_key}',
        excerpt: '{excerpt}',
        tags: '{tags}',
      },
    },
    lookup: { tool: 'get_post', arguments: { slug: '{slug}' }, found: '/found' },
    answers: [
      {
        id: at('id'),
        slug: at('slug'),
        zone: at('zone'),
        url: at('url'),
        status: at('status'),
        title: at('title'),
        html: at('html'),
        key: at('key'),
      },
    ],
  };
}
