// The tools of a site, by the official kit: they make, change, tell of and delete posts.
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { SitePage } from './pages-store.ts';
import { refusedBy, SLUG_TAKEN } from './refusals.ts';
import { type ToldPage, type ToolResult, told } from './shapes.ts';
import { addressOf, type SiteCall, type SiteState } from './state.ts';

export const TOOLS = ['create_post', 'update_post', 'get_post', 'delete_post'] as const;
type Tool = (typeof TOOLS)[number];

const name = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case letters, digits and single dashes');
const content = {
  title: z.string().min(1),
  slug: name,
  html: z.string(),
  zone: name,
  excerpt: z.string().optional(),
  tags: z.array(z.string()).optional(),
  canonical_url: z.url().optional(),
  status: z.enum(['published', 'draft']).optional(),
};
const createInput = z.object({ ...content, idempotency_key: z.string().optional() });
const updateInput = z.object(content).partial().extend({ id: z.string() });
const lookupInput = z.object({
  slug: z.string().optional(),
  zone: z.string().optional(),
  idempotency_key: z.string().optional(),
});
const idInput = z.object({ id: z.string() });

/** What one message did: false, a tool said no. */
export type Effect = { took: boolean };

/** One instance of the server, as the kit wants one for each message. */
export function toolServer(state: SiteState, call: SiteCall, effect: Effect): McpServer {
  const server = new McpServer({ name: 'sandbox-site', version: '1.0.0' });
  const answered = (tool: Tool, work: () => SitePage | null | string): ToolResult => {
    const made = work();
    effect.took = typeof made !== 'string';
    if (typeof made === 'string') return refusedBy(made, { executed: false });
    const { answer, answerBy } = call.settings;
    return told(made && shown(call, made), answerBy[tool] ?? answer);
  };
  server.registerTool(
    'create_post',
    { description: 'Makes a post, live at once unless it is to be a draft.', inputSchema: createInput },
    async (given) => answered('create_post', () => create(state, call, given)),
  );
  server.registerTool(
    'update_post',
    { description: 'Changes a post, by its id.', inputSchema: updateInput },
    async (given) => answered('update_post', () => update(state, call, given)),
  );
  server.registerTool(
    'get_post',
    { description: 'Tells the post of an idempotency key, or else of a slug and zone.', inputSchema: lookupInput },
    async (given) => answered('get_post', () => find(state, call, given)),
  );
  server.registerTool(
    'delete_post',
    { description: 'Deletes a post, by its id.', inputSchema: idInput },
    async ({ id }) => answered('delete_post', () => remove(state, call, id)),
  );
  return server;
}

function create({ pages }: SiteState, call: SiteCall, given: z.infer<typeof createInput>): SitePage | string {
  const { site, settings, nowMs, base } = call;
  const slug = freeSlug(pages.of(site.id), given.slug, settings.takenSlug);
  if (slug === null) return SLUG_TAKEN;
  const { hiddenMs } = call.effects();
  const lookupMs = hiddenMs ?? settings.lookupDelayMs;
  const page: SitePage = {
    id: pages.nextId(),
    accountId: site.id,
    slug,
    zone: given.zone,
    title: given.title,
    html: given.html,
    excerpt: given.excerpt ?? null,
    tags: given.tags ?? [],
    key: given.idempotency_key ?? null,
    canonicalUrl: given.canonical_url ?? null,
    status: given.status ?? (settings.makesDrafts ? 'draft' : 'published'),
    createdAtMs: nowMs,
    changedAtMs: nowMs,
    shownFromMs: nowMs + settings.showDelayMs,
    knownFromMs: lookupMs === 'forever' ? null : nowMs + lookupMs,
  };
  pages.put(page, addressOf(base, page));
  return page;
}

function freeSlug(pages: readonly SitePage[], wanted: string, taken: 'refuse' | 'suffix'): string | null {
  const slugs = new Set(pages.map(({ slug }) => slug));
  if (!slugs.has(wanted)) return wanted;
  if (taken === 'refuse') return null;
  for (let number = 2; ; number += 1) if (!slugs.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
}

function update(
  { pages }: SiteState,
  { site, settings, nowMs, base }: SiteCall,
  { id, canonical_url, ...given }: z.infer<typeof updateInput>,
): SitePage | string {
  const before = pages.of(site.id).find((page) => page.id === id);
  if (!before) return 'There is no such post.';
  if (pages.of(site.id).some(({ slug, id: other }) => other !== id && slug === given.slug)) return SLUG_TAKEN;
  const page: SitePage = {
    ...before,
    ...sitePageChange(given),
    ...(canonical_url === undefined ? {} : { canonicalUrl: canonical_url }),
    changedAtMs: nowMs,
    shownFromMs: nowMs + settings.showDelayMs,
  };
  pages.put(page, addressOf(base, page));
  return page;
}

/** What is left out stays as it was. */
function sitePageChange(given: Omit<z.infer<typeof updateInput>, 'id' | 'canonical_url'>): Partial<SitePage> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** By the key alone where one is given and known; a slug may be looked for in every zone. */
function find(
  { pages }: SiteState,
  { site, nowMs }: SiteCall,
  { slug, zone, idempotency_key }: z.infer<typeof lookupInput>,
): SitePage | null | string {
  if (slug === undefined && idempotency_key === undefined) return 'Name a slug or an idempotency key.';
  const known = pages.of(site.id).filter(({ knownFromMs }) => knownFromMs !== null && knownFromMs <= nowMs);
  const keyed = idempotency_key === undefined ? undefined : known.find(({ key }) => key === idempotency_key);
  const there = known.find((page) => page.slug === slug && (zone === undefined || page.zone === zone));
  return keyed ?? there ?? null;
}

function remove({ pages }: SiteState, { site, nowMs }: SiteCall, id: string): SitePage | string {
  const page = pages.of(site.id).find((one) => one.id === id);
  if (!page) return 'There is no such post.';
  pages.remove(page, nowMs);
  return { ...page, status: 'draft' };
}

function shown({ base }: SiteCall, page: SitePage): ToldPage {
  const { id, slug, zone, status, title, html, canonicalUrl, key } = page;
  return { id, slug, zone, url: addressOf(base, page), status, title, html, canonical_url: canonicalUrl, key };
}
