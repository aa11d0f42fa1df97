// A site that publishes by the tools of the official server, over HTTP or stdio alike. Its record, kept in files by the site
// itself, says which calls arrived and which pages are live.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** What the next call of the create tool does, beside or in the place of its work. */
export type SiteFault =
  /** The page is made, and no answer ever comes. */
  | 'make_then_hang'
  /** Nothing is made, and no answer ever comes. */
  | 'hang'
  /** The page is made, and the tool throws. */
  | 'make_then_throw'
  /** Nothing is made, and the tool throws. */
  | 'throw'
  /** The page is made, and what the tool puts out breaks its own schema. */
  | 'make_then_misfit'
  /** The page is made, and the process ends in the middle of the tool. */
  | 'make_then_exit'
  /** The process ends before anything is made. */
  | 'exit';

const pageSchema = z.object({
  id: z.number(),
  key: z.string(),
  slug: z.string(),
  title: z.string(),
  html: z.string(),
  zone: z.string().nullable(),
});
export type SitePage = z.infer<typeof pageSchema>;

const callSchema = z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()) });

/** The site's own record, in files of its folder. */
export function siteRecord(folder: string) {
  const lines = (name: string): unknown[] => {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  };
  const add = (name: string, value: unknown) => appendFileSync(join(folder, name), `${JSON.stringify(value)}\n`);
  return {
    pages: () => z.array(pageSchema).parse(lines('pages.jsonl')),
    calls: (tool: string) =>
      z
        .array(callSchema)
        .parse(lines('calls.jsonl'))
        .filter((call) => call.tool === tool),
    addPage: (page: SitePage) => add('pages.jsonl', page),
    addCall: (call: z.infer<typeof callSchema>) => add('calls.jsonl', call),
  };
}
export type SiteRecord = ReturnType<typeof siteRecord>;

export interface SiteFacts {
  readonly record: SiteRecord;
  /** Takes the fault of the next create, for the page of this slug. */
  takeFault(slug: string): SiteFault | null;
  /** What the create tool says of itself; another text makes another tool of it. */
  readonly description?: string;
}

const createInput = z.object({
  title: z.string(),
  slug: z.string(),
  html: z.string(),
  zone: z.string().optional(),
  idempotency_key: z.string(),
});
const shown = z.object({
  id: z.number(),
  slug: z.string(),
  url: z.string(),
  zone: z.string().nullable(),
  status: z.string(),
});
const createOutput = z.object({ post: shown });
const lookupOutput = z.object({ found: z.boolean(), post: shown.extend({ key: z.string() }).nullable() });

const never = new Promise<never>(() => {});

/** One instance of the server, as the official kit wants one for each conversation. */
export function siteServer({ record, takeFault, description = 'Makes a page, live at once.' }: SiteFacts): McpServer {
  const server = new McpServer({ name: 'site', version: '1.0.0' });
  server.registerTool(
    'create_post',
    { description, inputSchema: createInput, outputSchema: createOutput },
    async (args) => {
      record.addCall({ tool: 'create_post', arguments: { ...args } });
      const fault = takeFault(args.slug);
      if (fault === 'hang') return never;
      if (fault === 'exit') process.exit(1);
      if (fault === 'throw') throw new TypeError('the disk is full');
      const page = { ...args, key: args.idempotency_key, zone: args.zone ?? null, id: record.pages().length + 1 };
      record.addPage(pageSchema.parse(page));
      if (fault === 'make_then_hang') return never;
      if (fault === 'make_then_exit') process.exit(1);
      if (fault === 'make_then_throw') throw new TypeError('the mailer is down');
      const structuredContent = fault === 'make_then_misfit' ? { post: null } : { post: toShown(page) };
      return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent } as never;
    },
  );
  server.registerTool(
    'get_post',
    {
      description: 'Tells the page of a key.',
      inputSchema: z.object({ idempotency_key: z.string() }),
      outputSchema: lookupOutput,
    },
    async ({ idempotency_key }) => {
      record.addCall({ tool: 'get_post', arguments: { idempotency_key } });
      const page = record.pages().find(({ key }) => key === idempotency_key);
      const structuredContent = { found: page !== undefined, post: page ? { ...toShown(page), key: page.key } : null };
      return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
    },
  );
  return server;
}

function toShown({ id, slug, zone }: Pick<SitePage, 'id' | 'slug' | 'zone'>) {
  return { id, slug, zone, url: `https://site.example/${slug}`, status: 'published' };
}
