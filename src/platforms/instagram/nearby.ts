// What the account's own list of media shows around an instant, for a person.

import { NEARBY_MS, type NearbyPost } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { listMedia } from './media-list.ts';

/** @throws StepRefused | StepUnanswered */
export async function nearby(session: AccountSession, { around }: { readonly around: Date }): Promise<NearbyPost[]> {
  const { media } = await listMedia(session, new Date(around.getTime() - NEARBY_MS), 'reconcile');
  return media.map(({ id, caption, timestamp, permalink }) => ({
    id,
    text: caption ?? '',
    at: timestamp ?? null,
    url: permalink ?? null,
  }));
}
