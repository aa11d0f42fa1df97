// A real Ghost as a blog of runs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GhostPost } from '../../ghost/ghost-client.ts';
import { ghostError, startGhostProxy } from '../../ghost/ghost-proxy.ts';
import { startGhost } from '../../ghost/start-ghost.ts';
import { connectGhost } from '../../harness/ghost-account.ts';
import { afterCommit, before, outage } from '../../pds/faults.ts';
import { type Blog, type BlogRecord, type HandPage, isMadeFrom, OTHER_ZONE, ZONE } from './blog.ts';

const REFUSAL = ghostError(422, 'ValidationError', { message: 'Validation failed.' });
const ALWAYS = Number.POSITIVE_INFINITY;

/** By slug; the first comes with Ghost. */
const TAGS: Readonly<Record<string, string>> = { [ZONE]: 'News', [OTHER_ZONE]: 'Guides' };

/** The zone of a post stands in its address. */
const ROUTES = `routes:
collections:
  /:
    permalink: /{primary_tag}/{slug}/
    template: index
taxonomies:
  tag: /tag/{slug}/
  author: /author/{slug}/
`;

export async function openGhostBlog(): Promise<Blog> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'run-ghost-'));
  const { url, owner, stop } = await startGhost({ dataFolder, routes: ROUTES });
  const proxy = await startGhostProxy(url);
  const { key } = await owner.makeKey('Oncepost');
  // Ghost makes a tag of its own for each post that names a new one at the same moment.
  const { id } = await owner.makePost({ title: 'Tags', tags: Object.values(TAGS).map((name) => ({ name })) });
  await owner.deletePost(id);
  return {
    settings: { 'timeouts.answer': '5s', 'timeouts.heartbeat': '10s', 'timeouts.lease': '10s' },
    address: (zone) => `${url}/${zone}/{slug}/`,
    connect: (stage) => connectGhost(stage, { name: 'blog', key, proxy }),
    make: async (page) => (await owner.makePost(toGhost(page))).id,
    change: async (id, changes) => void (await owner.editPost(id, toGhost(changes))),
    remove: (id) => owner.deletePost(id),
    under: async (slug) => (await owner.listPosts()).filter((post) => isMadeFrom(post.slug, slug)).map(toRecord),
    creates(answer) {
      proxy.clearFaults();
      if (answer === 'refused') proxy.setFault('publish', before(REFUSAL), ALWAYS);
      if (answer === 'lied') proxy.setFault('publish', afterCommit(REFUSAL), ALWAYS);
      if (answer === 'lied_unseen') {
        void proxy
          .setFault('publish', afterCommit(REFUSAL))
          .fired.then(() => proxy.setFault('listPosts', before(outage(502)), ALWAYS));
      }
    },
    readable(yes) {
      proxy.clearFaults();
      if (!yes) proxy.setFault('listPosts', before(outage(502)), ALWAYS);
    },
    async close() {
      await proxy.close();
      await stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function toGhost({ html, zone, ...page }: Partial<HandPage>): Record<string, unknown> {
  const lexical = html === undefined ? {} : { lexical: JSON.stringify(asHtmlCard(html)) };
  return { ...page, ...lexical, ...(zone === undefined ? {} : { tags: [{ name: TAGS[zone] ?? zone }] }) };
}

/** The owner's editor keeps a text in Lexical; a card of HTML is the plainest. */
function asHtmlCard(html: string) {
  const children = [{ type: 'html', version: 1, html }];
  return { root: { type: 'root', version: 1, direction: null, format: '', indent: 0, children } };
}

function toRecord({ id, slug, status, title, html, tags }: GhostPost): BlogRecord {
  const zone = tags.find(({ visibility }) => visibility === 'public')?.slug ?? null;
  return { id, slug, status: status === 'published' ? 'published' : 'draft', title, zone, text: html ?? '' };
}
