// What a test asks of Ghost for itself, signed in as the site's owner: a site to publish on, keys, and the list that judges.
import { z } from 'zod';
import { until } from '../harness/until.ts';
import { GhostCallError } from './errors.ts';

const OWNER = { name: 'Olga Owner', email: 'olga@example.com', password: 'twelve grey lanterns' };

/** A post or draft as Ghost itself holds it. */
const postSchema = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  status: z.string(),
  html: z.string().nullable(),
  url: z.string(),
  updated_at: z.string(),
  feature_image: z.string().nullable(),
  feature_image_alt: z.string().nullable(),
  custom_excerpt: z.string().nullable(),
  canonical_url: z.string().nullable(),
  email: z.unknown(),
  tags: z.array(z.object({ name: z.string(), slug: z.string(), visibility: z.string() })),
});
export type GhostPost = z.infer<typeof postSchema>;

const setupSchema = z.object({ setup: z.array(z.object({ status: z.boolean() })) });
const pageSchema = z.object({
  posts: z.array(postSchema),
  meta: z.object({ pagination: z.object({ pages: z.int() }) }),
});
const integrationsSchema = z.object({
  integrations: z.array(
    z.object({ id: z.string(), api_keys: z.array(z.object({ type: z.string(), secret: z.string(), id: z.string() })) }),
  ),
});

/** The owner of one site, signed in. */
export interface GhostOwner {
  /** A new integration's Admin API key, `id:secret`, and what deletes it. */
  makeKey(name: string): Promise<{ readonly key: string; readonly integrationId: string }>;
  deleteIntegration(id: string): Promise<void>;
  /** Ghost tells of the event there, signed with the secret. */
  makeWebhook(webhook: { integrationId: string; event: string; url: string; secret: string }): Promise<void>;
  /** Every post and draft of the site, or all of this title: the judge of "at most one". */
  listPosts(title?: string): Promise<GhostPost[]>;
  /** Does with a post what a person does in the editor. */
  editPost(id: string, changes: Readonly<Record<string, unknown>>): Promise<GhostPost>;
  makePost(post: Readonly<Record<string, unknown>>): Promise<GhostPost>;
  deletePost(id: string): Promise<void>;
}

/** Sets the site up where that is still to be done, and signs its owner in. @throws GhostCallError */
export async function signIn(url: string): Promise<GhostOwner> {
  const anonymous = (method: string, path: string, body?: unknown) => send(url, { origin: url }, method, path, body);
  const asked = setupSchema.parse(await (await anonymous('GET', 'authentication/setup/')).json());
  const setup = { setup: [{ ...OWNER, blogTitle: 'A ghost' }] };
  if (!asked.setup.some(({ status }) => status)) await anonymous('POST', 'authentication/setup/', setup);
  // The set-up goes on behind its answer: a session that is opened meanwhile may be none.
  const cookie = await until('the owner is signed in', () => openSession(url));
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await send(url, { origin: url, cookie }, method, path, body);
    return response.status === 204 ? null : response.json();
  };
  const onePost = (body: unknown) => {
    const [post] = z.object({ posts: z.array(postSchema) }).parse(body).posts;
    if (!post) throw new GhostCallError('Ghost answered without the post.');
    return post;
  };
  const readPost = async (id: string) => onePost(await call('GET', `posts/${id}/?formats=html`));
  return {
    async makeKey(name) {
      const made = await call('POST', 'integrations/?include=api_keys', { integrations: [{ name }] });
      const [integration] = integrationsSchema.parse(made).integrations;
      const admin = integration?.api_keys.find(({ type }) => type === 'admin');
      if (!integration || !admin) throw new GhostCallError('Ghost made an integration without an admin key.');
      return {
        key: admin.secret.includes(':') ? admin.secret : `${admin.id}:${admin.secret}`,
        integrationId: integration.id,
      };
    },
    deleteIntegration: async (id) => void (await call('DELETE', `integrations/${id}/`)),
    async makeWebhook({ integrationId, event, url, secret }) {
      const webhook = { integration_id: integrationId, event, target_url: url, secret, name: event };
      await call('POST', 'webhooks/', { webhooks: [webhook] });
    },
    async listPosts(title) {
      const wanted = title === undefined ? '' : `&filter=${encodeURIComponent(`title:'${title}'`)}`;
      const posts: GhostPost[] = [];
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        const read = pageSchema.parse(
          await call('GET', `posts/?formats=html&limit=100&page=${page}&order=id%20asc${wanted}`),
        );
        posts.push(...read.posts);
        pages = read.meta.pagination.pages;
      }
      return posts;
    },
    async editPost(id, changes) {
      const { updated_at } = await readPost(id);
      return onePost(await call('PUT', `posts/${id}/?formats=html`, { posts: [{ updated_at, ...changes }] }));
    },
    makePost: async (post) => onePost(await call('POST', 'posts/?formats=html&source=html', { posts: [post] })),
    deletePost: async (id) => void (await call('DELETE', `posts/${id}/`)),
  };
}

async function openSession(url: string): Promise<string | null> {
  const login = { username: OWNER.email, password: OWNER.password };
  const opened = await send(url, { origin: url }, 'POST', 'session/', login);
  const [cookie = ''] = opened.headers.getSetCookie().map((one) => one.split(';')[0]);
  const me = await fetch(`${url}/ghost/api/admin/users/me/`, { headers: { origin: url, cookie } });
  return me.ok ? cookie : null;
}

async function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const response = await fetch(`${url}/ghost/api/admin/${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new GhostCallError(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response;
}
