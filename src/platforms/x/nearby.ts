// What the account's timeline shows around an instant, for a person.

import { NEARBY_MS, type NearbyPost } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { postUrl } from './limits.ts';
import { readBack } from './timeline-pages.ts';

/** X bills reads by the post: a person looks soon after, or does without. */
const PAGES = 4;

/** @throws StepRefused | StepUnanswered */
export async function nearby(session: AccountSession, { around }: { readonly around: Date }): Promise<NearbyPost[]> {
  const { posts } = await readBack(session, around.getTime() - NEARBY_MS, PAGES);
  return posts.map(({ id, text = '', createdMs }) => ({
    id,
    text,
    at: createdMs === undefined ? null : new Date(createdMs),
    url: postUrl(id),
  }));
}
