// A site that publishes by its tools, over the official MCP server, as a blog of runs.
import { fileURLToPath } from 'node:url';
import { connectSite } from '../../mcp/stage-sites.ts';
import { type BlogPage, blogServer, startBlogSite, UNREADABLE_POST } from '../blog-site.ts';
import { type Blog, type BlogRecord, isMadeFrom } from './blog.ts';

const PROGRAM = fileURLToPath(new URL('stdio-program.ts', import.meta.url));

export async function openToolsBlog({ overStdio } = { overStdio: false }): Promise<Blog> {
  const site = await startBlogSite();
  const { url, ...how } = blogServer(site);
  const reach = overStdio ? { command: [process.execPath, PROGRAM, url] } : { url };
  let made = 0;
  const find = (id: string): BlogPage => {
    const page = [...site.pages.values()].find((one) => one.id === id);
    if (!page) throw new TypeError(`there is no page ${id}`);
    return page;
  };
  return {
    settings: { mcp_servers: { blog: { ...how, ...reach } } },
    address: (zone) => `${site.url}/${zone}/{slug}/`,
    connect: (stage) => connectSite(stage, 'blog'),
    async make(page) {
      made += 1;
      const id = `hand-${made}`;
      site.pages.set(page.slug, { ...page, id, key: null });
      return id;
    },
    async change(id, changes) {
      const page = find(id);
      site.pages.delete(page.slug);
      site.pages.set(changes.slug ?? page.slug, { ...page, ...changes });
    },
    async remove(id) {
      site.pages.delete(find(id).slug);
    },
    under: async (slug) => [...site.pages.values()].filter((page) => isMadeFrom(page.slug, slug)).map(toRecord),
    creates(answer) {
      site.misread(null);
      site.answerCreates(answer);
    },
    readable: (yes) => site.misread(yes ? null : UNREADABLE_POST),
    close: () => site.close(),
  };
}

function toRecord({ id, slug, status, title, zone, html }: BlogPage): BlogRecord {
  return { id, slug, status, title, zone, text: html };
}
