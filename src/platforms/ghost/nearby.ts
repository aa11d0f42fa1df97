// The site's posts around an instant, for a person's eyes.

import { NEARBY_MS, type NearbyPost } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { ask } from './call.ts';
import { listSchema } from './wire.ts';

const MOST = '50';

/** @throws StepRefused | StepUnanswered */
export async function nearby(session: AccountSession, { around }: { readonly around: Date }): Promise<NearbyPost[]> {
  const at = (offsetMs: number) => new Date(around.getTime() + offsetMs).toISOString().slice(0, 19).replace('T', ' ');
  const filter = `published_at:>='${at(-NEARBY_MS)}'+published_at:<='${at(NEARBY_MS)}'`;
  const { posts } = await ask(session, {
    method: 'GET',
    path: 'posts/',
    query: { filter, include: 'tags', order: 'published_at desc', limit: MOST },
    stage: 'reconcile',
    schema: listSchema,
  });
  return posts.map(({ id, title, published_at, url }) => ({
    id,
    text: title,
    at: published_at ? new Date(published_at) : null,
    url: url ?? null,
  }));
}
